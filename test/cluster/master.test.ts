import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { aborted } from 'node:util';
import { Dealer } from 'zeromq';
import type { AbsolutePath } from '#src/lib/brand.js';
import { systemClock } from '#src/lib/clock.js';
import { runMaster } from '#src/cluster/master.js';
import type { MasterOptions } from '#src/cluster/master.js';
import type { Execute } from '#src/cluster/contract.js';
import type { Outcome } from '#src/task/task.js';
import { failed, fakeTasks, made, MasterRig } from './rig.js';
import { FakeClock } from '../support/fake-clock.js';

const MASTER = fileURLToPath(new URL('master-process.js', import.meta.url));
const PROCESS = fileURLToPath(new URL('agent-process.js', import.meta.url));

function agentProcess(t: TestContext, mode: string, endpoint: string): ChildProcess {
  const child = spawn(process.execPath, [PROCESS, mode, endpoint], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  t.after(() => void child.kill('SIGKILL'));
  return child;
}

/** Real part files, named by their attempt. */
async function partFolder(t: TestContext): Promise<{
  readonly lease: MasterOptions['lease'];
  readonly partOf: (attempt: string) => AbsolutePath;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'f2a-test-'));
  t.after(() => rm(folder, { recursive: true }));
  const partOf = (attempt: string): AbsolutePath =>
    join(folder, `.${attempt}.f2a-part`) as AbsolutePath;
  return {
    partOf,
    lease: (task, attempt) => {
      const output = join(folder, `${task.id}.opus`) as AbsolutePath;
      return Promise.resolve({ ...task, output, part: partOf(attempt) });
    },
  };
}

/** Tasks end when the test says so. */
function gate(): { readonly execute: Execute; readonly open: (outcome?: Outcome) => void } {
  const door = new EventEmitter();
  const opened = once(door, 'open').then(([outcome]) => outcome as Outcome);
  const execute: Execute = async (_task, { signal, onStart }) => {
    onStart();
    const cancelled = aborted(signal, signal).then(() => failed('cancelled'));
    return Promise.race([opened, cancelled]);
  };
  return { execute, open: (outcome = made()) => void door.emit('open', outcome) };
}

describe('a master and its agents', () => {
  test('do every task once', async (t) => {
    const rig = await MasterRig.make(t);
    const agents = [rig.agent({ name: 'one' }), rig.agent({ name: 'two' })];
    const report = await rig.run(fakeTasks(500));
    assert.deepEqual(
      new Set((await Promise.all(agents)).map(({ reason }) => reason)),
      new Set(['shutdown']),
    );
    assert.deepEqual(report, {
      done: 500,
      failed: 0,
      remaining: 0,
      requeued: 0,
      resumed: 0,
      refusedMessages: 0,
      agents: 2,
      vanished: [],
      stopped: 'no',
    });
    assert.equal(new Set(rig.committed).size, 500);
    assert.equal(rig.leases.length, 500);
    const left = rig.events.filter(({ type }) => type === 'agent-left');
    assert.equal(left.length, 2);
  });

  test('also over loopback TCP', async (t) => {
    const rig = await MasterRig.make(t);
    const running = rig.run(fakeTasks(20), { endpoints: ['tcp://127.0.0.1:*'] });
    const { endpoint } = await rig.seen('listening');
    const agent = rig.agent({ endpoint });
    assert.equal((await running).done, 20);
    assert.equal((await agent).reason, 'shutdown');
  });

  test('say why they cannot listen', async (t) => {
    const rig = await MasterRig.make(t);
    const result = await runMaster({
      endpoints: ['ipc:///no/such/folder/socket'],
      tasks: [],
      epoch: 1,
      version: '1',
      clock: systemClock,
      lease: (task) => Promise.resolve(task),
      commit: () => Promise.resolve({ verdict: 'committed' }),
      onFailed: () => Promise.resolve(),
      onEvent: () => undefined,
      signals: { drain: rig.drain.signal, abort: rig.abort.signal },
    });
    assert.equal(result.ok, false);
    assert.equal(!result.ok && result.error.code, 'BIND_FAILED');
  });

  test('part when their versions differ', async (t) => {
    const rig = await MasterRig.make(t);
    const running = rig.run(fakeTasks(1));
    const other = await rig.agent({ version: '0.9.0' });
    assert.equal(other.reason, 'rejected');
    assert.match(other.text, /0\.9\.0.*1\.0\.0/);
    const agent = rig.agent();
    assert.equal((await running).done, 1);
    await agent;
  });

  test('a failing task is told with its worker', async (t) => {
    const rig = await MasterRig.make(t);
    const agent = rig.agent({ execute: () => Promise.resolve(failed('input', 'no FLAC')) });
    const report = await rig.run(fakeTasks(3));
    await agent;
    assert.equal(report.failed, 3);
    assert.deepEqual(new Set(rig.failures.map((each) => each.failed.text)), new Set(['no FLAC']));
  });

  test('an error of the ledger ends the run with that error', async (t) => {
    const rig = await MasterRig.make(t);
    const agent = rig.agent();
    const run = rig.run(fakeTasks(100), {
      commit: () => Promise.reject(new Error('journal full')),
    });
    await assert.rejects(run, /journal full/);
    assert.equal((await agent).reason, 'shutdown');
  });
});

describe('stopping', () => {
  test('once: what runs is committed, what waits stays', async (t) => {
    const rig = await MasterRig.make(t);
    const { execute, open } = gate();
    const agent = rig.agent({ execute });
    const running = rig.run(fakeTasks(50));
    await rig.seen('task-started', 2);
    rig.drain.abort();
    open();
    const report = await running;
    // The one in reserve may have slipped in before the agent heard of it.
    assert.ok(report.done === 2 || report.done === 3, String(report.done));
    assert.deepEqual([report.done + report.remaining, report.stopped], [50, 'drain']);
    assert.equal((await agent).reason, 'drained');
  });

  test('twice: everything is cancelled', async (t) => {
    const rig = await MasterRig.make(t);
    const agent = rig.agent({ execute: gate().execute });
    const running = rig.run(fakeTasks(50));
    await rig.seen('task-started', 2);
    rig.abort.abort();
    const report = await running;
    assert.deepEqual([report.done, report.remaining, report.stopped], [0, 50, 'abort']);
    await agent;
  });

  test('of one agent: it finishes, returns the rest and leaves', async (t) => {
    const rig = await MasterRig.make(t);
    const drain = new AbortController();
    const { execute, open } = gate();
    const signals = { drain: drain.signal, abort: new AbortController().signal };
    const leaving = rig.agent({ execute, signals, name: 'leaving' });
    const running = rig.run(fakeTasks(10));
    await rig.seen('task-started', 2);
    drain.abort();
    await rig.seen('task-requeued');
    open();
    assert.equal((await leaving).reason, 'drained');
    const agent = rig.agent({ name: 'staying' });
    const report = await running;
    assert.deepEqual([report.done, report.requeued], [10, 1]);
    await agent;
  });
});

describe('faults', () => {
  test('kill -9 of an agent: its task is done by another', async (t) => {
    const rig = await MasterRig.make(t);
    const clock = new FakeClock();
    const { lease } = await partFolder(t);
    const victim = agentProcess(t, 'hang', rig.endpoint);
    const running = rig.run(fakeTasks(5), { clock, lease });
    await rig.seen('task-started');
    victim.kill('SIGKILL');
    await once(victim, 'exit');
    await clock.passUntil(rig.seen('agent-left'));
    const agent = rig.agent();
    const report = await running;
    assert.equal(report.done, 5);
    assert.ok(report.requeued >= 1 && report.requeued <= 2, String(report.requeued));
    await agent;
  });

  test('a frozen agent loses its task, and deletes its part when it thaws', async (t) => {
    const rig = await MasterRig.make(t);
    const clock = new FakeClock();
    const { lease, partOf } = await partFolder(t);
    const frozen = agentProcess(t, 'hang', rig.endpoint);
    const running = rig.run(fakeTasks(1), { clock, lease });
    await rig.seen('task-started');
    assert.ok(existsSync(partOf('7.1')));
    frozen.kill('SIGSTOP');
    const { reason } = await clock.passUntil(rig.seen('agent-left'));
    assert.match(reason, /silent/);
    const { execute, open } = gate();
    const agent = rig.agent({ execute, name: 'healthy' });
    await rig.seen('task-started', 2);
    frozen.kill('SIGCONT');
    await rig.seen('agent-joined', 3);
    open();
    const exited = once(frozen, 'exit');
    assert.equal((await running).done, 1);
    assert.deepEqual(await exited, [0, null]);
    assert.equal(existsSync(partOf('7.1')), false);
    await agent;
  });

  test('kill -9 of the master: its agent goes on with the next one at the same address', async (t) => {
    const rig = await MasterRig.make(t);
    const victim = spawn(process.execPath, [MASTER, rig.endpoint], { stdio: 'inherit' });
    t.after(() => void victim.kill('SIGKILL'));
    const stopped: string[] = [];
    const first = new EventEmitter();
    const agent = rig.agent({
      slots: 1,
      execute: async (task, { signal, onStart }) => {
        onStart();
        if (victim.killed) return made();
        first.emit('started');
        await aborted(signal, signal);
        stopped.push(task.id);
        return failed('cancelled');
      },
    });
    await once(first, 'started');
    victim.kill('SIGKILL');
    await once(victim, 'exit');
    const report = await rig.run(fakeTasks(5));
    assert.equal(report.done, 5);
    assert.deepEqual(stopped, ['t0'], 'the attempt of the dead master was dropped');
    assert.ok(rig.leases.every(({ attempt }) => attempt.startsWith('7.')));
    assert.equal((await agent).reason, 'shutdown');
  });

  test('an agent without a master cleans up and ends', async (t) => {
    const rig = await MasterRig.make(t);
    const exit = await rig.agent({ orphanMs: 1 });
    assert.equal(exit.reason, 'orphaned');
  });

  test('strangers who talk nonsense are counted and answered, and harm nobody', async (t) => {
    const rig = await MasterRig.make(t);
    const running = rig.run(fakeTasks(100));
    await rig.seen('listening');
    const stranger = new Dealer({ linger: 0 });
    stranger.connect(rig.endpoint);
    const nonsense = [
      ['NOPE', '{}'],
      ['HELLO', '{}'],
      ['x'],
      ['HB', '{"held":[]}'],
      ['RESULT', '['],
    ];
    const answers: string[] = [];
    for (const frames of nonsense) {
      await stranger.send(frames);
      const [type] = await stranger.receive();
      answers.push(String(type));
    }
    assert.deepEqual(answers, ['ERR', 'ERR', 'ERR', 'WHO', 'ERR']);
    const agent = rig.agent();
    const report = await running;
    assert.deepEqual([report.done, report.refusedMessages], [100, 4]);
    assert.equal(rig.events.filter(({ type }) => type === 'message-refused').length, 1);
    stranger.close();
    await agent;
  });
});
