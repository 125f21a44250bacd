import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { ok } from '#src/lib/result.js';
import { AgentWork } from '#src/cluster/agent-work.js';
import type { LentTask } from '#src/cluster/contract.js';
import type { ExecuteContext, Outcome } from '#src/task/task.js';
import { FakeClock } from '../support/fake-clock.js';
import { fakeTask, made } from './rig.js';

interface Running {
  readonly context: ExecuteContext;
  readonly end: (outcome: Outcome) => void;
}

/** An agent's work whose tasks do what the test says. */
class Bench {
  readonly finished: string[] = [];
  /** Attempts that gave their slot on. */
  readonly encodedAttempts: string[] = [];
  readonly running: Map<string, Running> = new Map();
  readonly clock: FakeClock = new FakeClock();
  readonly work: AgentWork;

  constructor(slots: number) {
    this.work = new AgentWork({
      slots,
      clock: this.clock,
      admit: ok,
      execute: (task, context) =>
        new Promise((resolve) => {
          this.running.set(task.id, { context, end: resolve });
        }),
      onStart: () => undefined,
      onEncoded: (attempt) => this.encodedAttempts.push(attempt),
      onFinish: ({ task }) => this.finished.push(task),
      onEmpty: () => undefined,
    });
  }

  async take(count: number): Promise<void> {
    this.work.take(Array.from({ length: count }, (_, index) => lent(index)));
    await turn();
  }

  async encoded(task: string): Promise<void> {
    void this.running.get(task)?.context.onEncoded();
    await turn();
  }

  async end(task: string): Promise<void> {
    this.running.get(task)?.end(made());
    this.running.delete(task);
    await turn();
  }

  get tasks(): readonly string[] {
    return [...this.running.keys()];
  }
}

function lent(index: number): LentTask {
  return { attempt: `7.${index}`, token: 't', task: fakeTask(index) };
}

describe('the slots of an agent', () => {
  it('take the next task when the last one is encoded, while it is sealed', async () => {
    const bench = new Bench(1);
    await bench.take(3);
    assert.deepEqual(bench.tasks, ['t0']);
    await bench.encoded('t0');
    assert.deepEqual(bench.tasks, ['t0', 't1']);
    await bench.end('t0');
    assert.deepEqual(bench.tasks, ['t1'], 'the slot is not given on twice');
    await bench.end('t1');
    assert.deepEqual(bench.tasks, ['t2']);
    assert.deepEqual(bench.finished, ['t0', 't1']);
  });

  it('do not pile up what is sealed slowly', async () => {
    const bench = new Bench(1);
    await bench.take(3);
    await bench.encoded('t0');
    await bench.encoded('t1');
    assert.deepEqual(bench.tasks, ['t0', 't1']);
    assert.deepEqual(bench.encodedAttempts, ['7.0']);
    await bench.end('t1');
    assert.deepEqual(bench.tasks, ['t0', 't2']);
  });

  for (const [until, happens] of Object.entries({
    'the next one is under way': (bench) => bench.running.get('t1')?.context.onRunning?.(),
    'the next one has ended': (bench) => bench.end('t1'),
    'it is told to stop': (bench) => bench.work.cancel(['7.0']),
    'a second is over, which is long for a start': (bench) => bench.clock.tick(1000),
  } satisfies Record<string, (bench: Bench) => unknown>)) {
    it(`let what is left of a task wait until ${until}`, async () => {
      const bench = new Bench(1);
      await bench.take(2);
      let goesOn = false;
      void bench.running
        .get('t0')
        ?.context.onEncoded()
        .then(() => {
          goesOn = true;
        });
      await turn();
      assert.deepEqual([bench.tasks, goesOn], [['t0', 't1'], false]);
      await happens(bench);
      await turn();
      assert.equal(goesOn, true);
      assert.equal(bench.clock.sleeping, 0);
    });
  }

  it('let it go on at once when nothing waits', async () => {
    const bench = new Bench(1);
    await bench.take(1);
    await bench.running.get('t0')?.context.onEncoded();
    assert.deepEqual(bench.encodedAttempts, ['7.0']);
  });

  it('take one task each, however often it says that it is encoded', async () => {
    const bench = new Bench(2);
    await bench.take(5);
    await bench.encoded('t0');
    await bench.encoded('t0');
    assert.deepEqual(bench.tasks, ['t0', 't1', 't2']);
  });
});

it('what an agent was told to drop it does not claim, though its encoder has not ended yet', async () => {
  const bench = new Bench(1);
  await bench.take(2);
  const dropped = bench.work.discard(['7.0']);
  assert.deepEqual(
    bench.work.claims().map(({ attempt }) => attempt),
    ['7.1'],
  );
  await bench.end('t0');
  await dropped;
  assert.deepEqual([bench.work.held(), bench.finished], [['7.1'], []]);
});
