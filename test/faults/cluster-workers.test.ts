import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { delimiter } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { ClusterRig, requeues } from '../support/cluster-rig.js';
import { Gate } from '../support/gate.js';
import { childrenOf, kill, processesHidden } from '../support/processes.js';
import { linesOf } from '../support/rig.js';
import type { Run } from '../support/rig.js';
import { plant, temporaryFolder } from '../support/temporary-folder.js';

const TRACKS = ['a', 'b', 'c', 'd'];
const skip = processesHidden;

async function gated(t: TestContext): Promise<{ readonly rig: ClusterRig; readonly gate: Gate }> {
  const gate = await Gate.before(t, 'opusenc');
  return { gate, rig: await ClusterRig.make(t, TRACKS, { env: gate.env }) };
}

/** An opusenc in front of the real one, which `$real` names. */
function encoder(t: TestContext, script: string): Readonly<Record<string, string>> {
  const bin = temporaryFolder(t);
  const path = process.env['PATH'] ?? '';
  const real = path
    .split(delimiter)
    .map((folder) => `[ -x '${folder}/opusenc' ] && real='${folder}/opusenc' && break`);
  const find = `while :; do ${real.join('; ')}; exit 127; done`;
  const text = `#!/bin/sh\n${find}\ncase "$1" in --version) exec "$real" "$@";; esac\n${script}\n`;
  chmodSync(plant(bin, 'opusenc', text), 0o755);
  return { PATH: `${bin}${delimiter}${path}` };
}

describe('kill -9 of a worker', { skip }, () => {
  test('that has nothing to do costs nothing', async (t) => {
    const gate = await Gate.before(t, 'opusenc');
    const rig = await ClusterRig.make(t, ['a'], { env: gate.env });
    const master = rig.master();
    rig.worker();
    await gate.arrival(master);
    const idle = rig.worker();
    await master.line('agent-joined', 2);
    idle.signal('SIGKILL');
    await master.line('agent-left');
    gate.open();
    await rig.assertSound();
    assert.equal(requeues(master), 0);
  });

  test('that encodes one task and has another in reserve: both are done by others', async (t) => {
    const { rig, gate } = await gated(t);
    const master = rig.master();
    const victim = rig.worker();
    await gate.arrival(master);
    for (const child of childrenOf(victim.pid)) kill(child, 'SIGKILL');
    victim.signal('SIGKILL');
    await master.line('agent-left');
    gate.open(100);
    rig.worker(['-j2']);
    await rig.assertSound();
    assert.ok(requeues(master) <= 2);
  });

  for (const [mode, most] of [
    ['sealed', 3],
    ['reported', 2],
  ] as const) {
    test(`whose part file is ${mode}`, async (t) => {
      const rig = await ClusterRig.make(t, TRACKS);
      const master = rig.master();
      assert.equal((await rig.strange(mode).finished).signal, 'SIGKILL');
      rig.worker();
      await rig.assertSound();
      assert.ok(requeues(master) <= most, String(requeues(master)));
    });
  }
});

describe('an encoder', { skip }, () => {
  test('that hangs is stopped, and its task tried again', async (t) => {
    const once = temporaryFolder(t);
    const env = encoder(t, `mkdir '${once}/hung' 2>/dev/null && exec sleep 600; exec "$real" "$@"`);
    const rig = await ClusterRig.make(t, TRACKS, { env });
    const master = rig.master({ stallMs: 1500 });
    rig.worker();
    await rig.assertSound();
    const [requeued] = linesOf(master, 'task-requeued');
    assert.match(requeued?.reason ?? '', /made nothing for 1\.5 seconds/);
  });

  test('that ends well with an empty file is not believed', async (t) => {
    const env = encoder(t, 'cat >/dev/null; case "$*" in *.b.opus.*) exit 0;; esac; exit 1');
    const rig = await ClusterRig.make(t, ['b'], { env });
    const master = rig.master();
    rig.worker();
    await rig.assertSound({ code: 3, failed: ['b'] });
    assert.equal(linesOf(master, 'task-failed')[0]?.code, 'LENGTH_MISMATCH');
  });

  test('that takes its worker with it each time: three workers die, the others are left alone', async (t) => {
    const env = encoder(t, 'case "$*" in *.b.opus.*) kill -9 $PPID;; esac; exec "$real" "$@"');
    const rig = await ClusterRig.make(t, TRACKS, { env });
    const master = rig.master();
    let dead = 0;
    const over = master.finished.then(() => undefined);
    for (let died = true; died;) {
      const ended = await Promise.race([rig.worker().finished, over]);
      died = ended?.signal === 'SIGKILL';
      dead += Number(died);
    }
    await rig.assertSound({ code: 3, failed: ['b'] });
    // Three deaths are blamed on it; one that came before the start of the task was told is not.
    assert.ok(dead === 3 || dead === 4, `${dead} workers died`);
    assert.equal(linesOf(master, 'task-failed')[0]?.code, 'WORKERS_LOST');
  });
});

describe('a worker that stands still', { skip }, () => {
  test('for a moment loses nothing', async (t) => {
    const { rig, gate } = await gated(t);
    const master = rig.master();
    const frozen = rig.worker();
    await gate.arrival(master);
    frozen.signal('SIGSTOP');
    await new Promise((resolve) => void setTimeout(resolve, 700));
    frozen.signal('SIGCONT');
    gate.open(100);
    await rig.assertSound();
    assert.equal(gate.calls.length, TRACKS.length);
  });

  test('for longer than its lease loses its task, and overwrites nothing when it wakes', async (t) => {
    const { rig, gate } = await gated(t);
    const master = rig.master();
    const frozen = rig.worker();
    await gate.arrival(master);
    frozen.signal('SIGSTOP');
    await master.line('agent-left');
    const healthy = rig.worker();
    gate.open(100);
    await master.line('task-done', 1);
    frozen.signal('SIGCONT');
    await rig.assertSound();
    assert.equal((await healthy.finished).code, 0);
  });

  test('because its event loop is blocked is given up, and taken back', async (t) => {
    const rig = await ClusterRig.make(t, TRACKS);
    const master = rig.master();
    rig.strange('blocked');
    await master.line('agent-left');
    rig.worker();
    await rig.assertSound();
  });
});

test('workers that come and go all the time', { skip }, async (t) => {
  const tracks = Array.from({ length: 16 }, (_, index) => `t${index}`);
  const rig = await ClusterRig.make(t, tracks);
  const master = rig.master();
  for (let round = 0; round < 4; round += 1) {
    const [leaving, dying] = [rig.worker(), rig.worker()];
    await master.line('task-done', 3 * round + 1);
    leaving.signal('SIGTERM');
    dying.signal('SIGKILL');
  }
  rig.worker(['-j2']);
  await rig.assertSound();
  assert.ok(requeues(master) <= 4 * 4, String(requeues(master)));
});

test('a worker of another version is refused alone, with both versions', async (t) => {
  const rig = await ClusterRig.make(t, ['a']);
  const master = rig.master();
  const old = await rig.strange('old').finished;
  assert.equal(old.code, 1);
  assert.match(old.stderr, /0\.0\.1.*install the same/);
  rig.worker();
  await rig.assertSound();
  assert.ok(linesOf(master, 'notice').some(({ code }) => code === 'AGENT_REFUSED'));
});

/** Root may give one worker another view of the disk. */
const asRoot =
  process.platform === 'linux' && process.getuid?.() === 0 ? false : 'needs root to mount';

/** Changes what a worker sees that was started in a mount namespace of its own. */
function mountFor({ pid }: Pick<Run, 'pid'>, script: string, folder: string): void {
  const inside = ['-t', String(pid), '-m', 'sh', '-ec', script, 'sh', folder];
  const { status, stderr } = spawnSync('nsenter', inside, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}

for (const [what, mount] of [
  ['cannot write any more', 'mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"'],
  [
    'has no room any more',
    'mount -t tmpfs -o size=4k tmpfs "$1"; head -c 4096 /dev/zero >"$1/full"',
  ],
] as const) {
  test(`one worker ${what}: it is paused, the others do the work`, { skip: asRoot }, async (t) => {
    const tracks = Array.from({ length: 16 }, (_, index) => `t${index}`);
    const gate = await Gate.before(t, 'opusenc');
    const rig = await ClusterRig.make(t, tracks, { env: gate.env });
    const master = rig.master();
    rig.worker();
    const ill = rig.worker(['-j1'], { inside: ['unshare', '-m'] });
    await Promise.all([gate.arrival(master), gate.arrival(master)]);
    mountFor(ill, mount, rig.library.path('out'));
    gate.open(100);
    await rig.noticed(master, 'AGENT_PAUSED');
    await rig.assertSound();
  });
}
