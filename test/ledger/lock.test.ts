import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Result } from '#src/lib/result.js';
import type { LedgerFailure } from '#src/ledger/failure.js';
import { LedgerError } from '#src/ledger/failure.js';
import { acquireLock } from '#src/ledger/lock.js';
import type { Lock } from '#src/ledger/lock.js';
import { livenessOf, systemProcesses } from '#src/ledger/process-identity.js';
import type { ProcessTable } from '#src/ledger/process-identity.js';
import { FakeClock } from '../support/fake-clock.js';
import { processTable } from '../support/ledger-rig.js';
import { MemoryDisk } from '../support/memory-disk.js';

const RACER = fileURLToPath(new URL('../support/lock-racer.js', import.meta.url));

interface Attempt {
  readonly processes: ProcessTable;
  readonly disk: MemoryDisk;
  readonly clock?: FakeClock;
  readonly timeoutMs?: number;
  readonly notices?: string[];
}

function acquire({ processes, disk, ...more }: Attempt): Promise<Result<Lock, LedgerFailure>> {
  return acquireLock('/lock', {
    disk,
    clock: more.clock ?? new FakeClock(),
    processes,
    command: 'flac2all apply',
    timeoutMs: more.timeoutMs ?? 0,
    onNotice: ({ code }) => more.notices?.push(code),
  });
}

async function held(attempt: Attempt): Promise<Lock> {
  const lock = await acquire(attempt);
  assert.ok(lock.ok);
  return lock.value;
}

/** Lets the promises run that need no time to pass. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('a lock', () => {
  test('of a live process is refused, naming it', async () => {
    const disk = new MemoryDisk();
    await held({ disk, processes: processTable(1) });
    const second = await acquire({ disk, processes: processTable(1) });
    assert.ok(!second.ok);
    assert.equal(second.error.code, 'LEDGER_LOCKED');
    assert.match(second.error.message, /`flac2all apply`, process 1 of me on here, since 2024/);
    assert.match(second.error.hint ?? '', /--lock-timeout/);
    assert.deepEqual(await disk.list('/'), ['lock']);
  });

  test('of a dead process is broken with a notice', async () => {
    const disk = new MemoryDisk();
    const first = await held({ disk, processes: processTable(1) });
    const notices: string[] = [];
    const second = await held({ disk, processes: processTable(2), notices });
    assert.deepEqual(notices, ['LEDGER_LOCK_BROKEN']);
    await second.check();
    await assert.rejects(
      first.check(),
      (error: LedgerError) => error.failure.code === 'LEDGER_FENCED',
    );
    await first.release();
    await second.check();
    await second.release();
    assert.deepEqual(await disk.list('/'), []);
  });

  test('of another machine stands while it beats and falls when it stands still', async () => {
    const disk = new MemoryDisk();
    const clock = new FakeClock();
    const far = await held({ disk, processes: processTable(1, 'far'), clock });
    const refused = await acquire({ disk, processes: processTable(2) });
    assert.ok(!refused.ok, 'not even waited for');

    const stop = new AbortController();
    const beating = far.keepAlive(stop.signal);
    const observer = new FakeClock();
    const waiting = held({ disk, processes: processTable(2), clock: observer, timeoutMs: 600_000 });
    for (let seconds = 0; seconds < 180; seconds += 10) {
      clock.tick(10_000);
      await settle();
      for (let polls = 0; polls < 20; polls += 1) {
        observer.tick(500);
        await settle();
      }
    }
    await far.check();
    stop.abort();
    await beating;
    for (let polls = 0; polls < 125; polls += 1) {
      observer.tick(500);
      await settle();
    }
    await (await waiting).check();
    await assert.rejects(far.check(), LedgerError);
  });

  test('that was taken away ends the heartbeat', async () => {
    const disk = new MemoryDisk();
    const clock = new FakeClock();
    const lock = await held({ disk, processes: processTable(1), clock });
    const beating = lock.keepAlive(new AbortController().signal);
    await disk.remove('/lock');
    clock.tick(10_000);
    await assert.rejects(beating, /was taken away: it was removed/);
  });

  test('works where there are no hard links', async () => {
    const disk = new MemoryDisk();
    disk.fail = ({ name }) => (name === 'link' ? 'ENOTSUP' : undefined);
    const lock = await held({ disk, processes: processTable(1) });
    await lock.check();
    assert.equal((await acquire({ disk, processes: processTable(1) })).ok, false);
    const broken = await held({ disk, processes: processTable(2) });
    await broken.check();
    await broken.release();
    assert.deepEqual(await disk.list('/'), []);
  });
});

describe('16 real processes', () => {
  test('take a dead process’s lock one after the other', { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'flac2all-lock-'));
    try {
      const path = join(folder, 'lock');
      const dead = fork(RACER, [path, 'hold']);
      await once(dead, 'message');
      dead.kill('SIGKILL');
      await once(dead, 'exit');
      const racers = Array.from({ length: 16 }, () => fork(RACER, [path, 'race']));
      const said = (await Promise.all(racers.map(watch))).flat();
      assert.equal(said.filter((word) => word === 'done').length, 16);
      assert.equal(said.filter((word) => word === 'LEDGER_LOCK_BROKEN').length, 1);
      assert.deepEqual(await readdir(folder), []);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

async function watch(child: ChildProcess): Promise<readonly string[]> {
  const said: string[] = [];
  child.on('message', (word) => said.push(word as string));
  const [code] = (await once(child, 'exit')) as [number | null];
  assert.equal(code, 0);
  return said;
}

describe('liveness', () => {
  const here = { ...processTable(1).self, machine: 'm', pidNamespace: 'n' };
  const table: ProcessTable = { self: here, startTimeOf: () => 'start-1' };

  test('looks at host, machine, boot, namespace, process and its start', () => {
    assert.equal(livenessOf(here, table), 'alive');
    assert.equal(livenessOf({ ...here, host: 'other' }, table), 'elsewhere');
    assert.equal(livenessOf({ ...here, machine: 'other', bootId: 'other' }, table), 'elsewhere');
    assert.equal(livenessOf({ ...here, bootId: 'other' }, table), 'dead');
    assert.equal(livenessOf({ ...here, pidNamespace: 'other' }, table), 'elsewhere');
    assert.equal(livenessOf({ ...here, startTime: 'other' }, table), 'dead');
    assert.equal(livenessOf(here, { self: here, startTimeOf: () => undefined }), 'dead');
    assert.equal(livenessOf(here, { self: here, startTimeOf: () => '' }), 'alive');
  });

  test('knows this process', () => {
    const processes = systemProcesses();
    assert.equal(processes.self.pid, process.pid);
    assert.equal(livenessOf(processes.self, processes), 'alive');
  });
});
