import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { AbsolutePath } from '#src/lib/brand.js';
import type { Clock } from '#src/lib/clock.js';
import { nodeDisk } from '#src/lib/node-disk.js';
import type { Ledger } from '#src/ledger/ledger.js';
import { openLedger } from '#src/ledger/open.js';
import { systemProcesses } from '#src/ledger/process-identity.js';
import { readLedger } from '#src/ledger/read.js';
import { entryOf, path } from '../support/ledger-rig.js';
import { processesHidden } from '../support/processes.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const HOLDER = fileURLToPath(new URL('../support/ledger-holder.js', import.meta.url));
const BASE = path('/music');

/** The minute after which a lock that stands still is given up takes less than a second. */
const SPEED = 100;
const fastClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now() * SPEED,
  sleep: (ms, signal) => delay(ms / SPEED, undefined, signal === undefined ? {} : { signal }),
};

test(
  'a process of another machine that stood still for long loses the ledger, and writes nothing when it wakes',
  { skip: processesHidden, timeout: 120_000 },
  async (context) => {
    const directory = join(temporaryFolder(context), '.flac2all') as AbsolutePath;
    const holder = fork(HOLDER, [directory, 'far']);
    context.after(() => holder.kill('SIGKILL'));
    assert.equal(await word(holder), 'open');
    holder.send('before');
    assert.equal(await word(holder), 'wrote before');
    holder.kill('SIGSTOP');
    const notices: string[] = [];
    const ledger = await openHere(directory, notices);
    assert.deepEqual(notices, ['LEDGER_LOCK_BROKEN']);
    await ledger.updated(entryOf('/music/out/mine', 'mine'));
    const before = contentOf(directory);
    holder.send('late');
    holder.kill('SIGCONT');
    assert.match(await word(holder), /^refused: the lock .* was taken away: now held by `here`/);
    await once(holder, 'exit');
    assert.deepEqual(contentOf(directory), before);
    await ledger.updated(entryOf('/music/out/more', 'more'));
    await ledger.close();
    const read = await readLedger(directory, BASE, nodeDisk);
    const names = read.ok ? [...read.value.entries.keys()] : [];
    assert.deepEqual(
      names.toSorted(),
      ['before', 'mine', 'more'].map((name) => `/music/out/${name}`),
    );
  },
);

async function word(child: ChildProcess): Promise<string> {
  const [said] = (await once(child, 'message')) as [string];
  return said;
}

async function openHere(directory: AbsolutePath, notices: string[]): Promise<Ledger> {
  const opened = await openLedger({
    directory,
    owner: 'flac2all.yaml',
    base: BASE,
    disk: nodeDisk,
    clock: fastClock,
    processes: systemProcesses(),
    run: { id: 'here', command: 'here' },
    lockTimeoutMs: 3_600_000,
    onNotice: ({ code }) => notices.push(code),
  });
  if (!opened.ok) assert.fail(opened.error.message);
  return opened.value;
}

/** Every file of the ledger; the lock without its beats. */
function contentOf(directory: string): Readonly<Record<string, string>> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true });
  const contents = files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .map((file) => [file, readFileSync(file, 'utf8').replaceAll(/^\.\n/gm, '')] as const);
  return Object.fromEntries(contents);
}
