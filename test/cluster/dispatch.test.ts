import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FailureClass } from '#src/task/task.js';
import { DispatchWorld } from './dispatch-world.js';
import { failed, fakeTask, fakeTasks, made } from './rig.js';

const ids = (world: DispatchWorld): readonly string[] => world.grants.map(({ task }) => task.id);

const types = (effects: readonly { readonly type: string }[]): readonly string[] =>
  effects.map(({ type }) => type);

/** How often a task that always fails so is tried. */
const tries = (failureClass: FailureClass, agents: number): number => {
  const world = new DispatchWorld(fakeTasks(1));
  for (let index = 0; index < agents; index += 1) world.join(`a${index}`);
  for (let at = 0; at < world.grants.length; at += 1) {
    world.start(world.grants[at]!);
    world.report(world.grants[at]!, failed(failureClass));
  }
  assert.equal(world.ends.get('t0'), 'failed');
  return world.grants.length;
};

describe('hand-out', () => {
  test('longest first, and tasks of one source together', () => {
    const other = { ...fakeTask(1, 5), source: fakeTask(3).source };
    const world = new DispatchWorld([fakeTask(0, 1), other, fakeTask(2, 5), fakeTask(3, 5)]);
    world.join('a', 4);
    assert.deepEqual(ids(world), ['t1', 't3', 't2', 't0']);
  });

  test('one task a slot and one in reserve; at the tail no reserve', () => {
    const world = new DispatchWorld(fakeTasks(8));
    world.join('a');
    assert.equal(world.leased('a').length, 3);
    world.join('b');
    assert.equal(world.leased('b').length, 2);
  });

  test('short tasks go out in batches', () => {
    const world = new DispatchWorld(fakeTasks(1000));
    world.join('a');
    for (const grant of world.leased('a')) world.report(grant, made(2));
    assert.ok(world.leased('a').length > 100, String(world.leased('a').length));
  });

  test('nothing to do is done at once', () => {
    const world = new DispatchWorld([]);
    assert.ok(world.send({ type: 'tick' }).some(({ type }) => type === 'finished'));
  });
});

describe('results', () => {
  test('count once, for the leased attempt, session and token only', () => {
    const world = new DispatchWorld(fakeTasks(1));
    world.join('a');
    const [grant] = world.leased('a');
    assert.ok(grant);
    assert.deepEqual(types(world.report(grant, made(), 'no')), ['stale']);
    assert.deepEqual(types(world.report({ ...grant, session: 'b' })), ['stale']);
    assert.deepEqual(types(world.report({ ...grant, attempt: '7.99' })), ['stale']);
    assert.deepEqual(types(world.report(grant)), ['commit']);
    assert.deepEqual(types(world.report(grant)), [], 'the end of the commit answers');
    world.commit();
    assert.ok(world.has('ack') && world.has('finished'));
    assert.deepEqual(types(world.report(grant)), ['ack'], 'done is done');
  });

  test('a task that waits for its commit outlives its agent', () => {
    const world = new DispatchWorld(fakeTasks(1));
    world.join('a');
    world.report(world.grants[0]!);
    world.die('a');
    world.join('b');
    assert.equal(world.grants.length, 1);
    world.commit();
    assert.equal(world.ends.get('t0'), 'done');
  });

  test('an agent may still mention what waits for its commit; nobody makes it delete the part', () => {
    const world = new DispatchWorld(fakeTasks(1));
    world.join('a');
    const [grant] = world.leased('a');
    world.report(grant!);
    const held = [grant!.attempt];
    assert.deepEqual(world.send({ type: 'heard', session: 'a', held }), []);
    world.die('a');
    world.join('a', 2, held);
    assert.ok(!world.has('stale'));
    world.commit();
    const late = world.send({ type: 'heard', session: 'a', held });
    assert.deepEqual(
      late.map(({ type }) => type),
      ['stale'],
    );
  });

  test('a task that fits into no message fails; one that was not sent goes out again', () => {
    const world = new DispatchWorld(fakeTasks(2));
    world.join('a');
    const [large, small] = world.leased('a');
    world.send({ type: 'unsendable', session: 'a', attempt: large!.attempt });
    assert.equal(world.ends.get('t0'), 'failed');
    world.send({ type: 'undelivered', session: 'a', attempts: [small!.attempt] });
    assert.equal(world.leased('a').length, 0, 'not while the agent does not answer');
    world.pass(1000, ['a']);
    assert.equal(world.leased('a').length, 1);
  });

  test('an output that is not what the plan saw fails for good', () => {
    const world = new DispatchWorld(fakeTasks(1));
    world.join('a');
    world.report(world.grants[0]!);
    world.send({
      type: 'committed',
      task: 't0',
      verdict: { verdict: 'stale', failed: failed('changed') },
    });
    assert.equal(world.ends.get('t0'), 'failed');
    assert.ok(world.has('stale'));
  });
});

describe('failures', () => {
  test('of the input: once more on another agent, where there is one', () => {
    assert.equal(tries('input', 1), 1);
    assert.equal(tries('input', 3), 2);
  });

  test('of the environment: on every agent once', () => {
    assert.equal(tries('environment', 1), 1);
    assert.equal(tries('environment', 3), 3);
  });

  test('a changed source: never again; a killed encoder: three times', () => {
    assert.equal(tries('changed', 3), 1);
    assert.equal(tries('crash', 1), 3);
  });

  test('five of the environment in a row pause the agent, and the rest fails with that reason', () => {
    const world = new DispatchWorld(fakeTasks(50));
    world.join('a');
    for (let at = 0; at < world.grants.length; at += 1) {
      world.report(world.grants[at]!, failed('environment', 'no space left'));
    }
    assert.ok(world.has('paused') && world.has('finished'));
    assert.equal(world.ends.size, 50);
    assert.ok(world.grants.length < 10);
    const reasons = world.effects.filter((effect) => effect.type === 'failed');
    assert.deepEqual(
      new Set(reasons.map((effect) => effect.failed.text)),
      new Set(['no space left']),
    );
  });

  test('of a paused agent the tasks go elsewhere', () => {
    const world = new DispatchWorld(fakeTasks(50));
    world.join('bad');
    world.join('good');
    for (let at = 0; at < world.grants.length; at += 1) {
      const grant = world.grants[at]!;
      world.report(grant, grant.session === 'bad' ? failed('environment') : made(100));
      world.commit();
    }
    assert.ok(world.has('paused') && world.has('finished'));
    assert.deepEqual(new Set(world.ends.values()), new Set(['done']));
  });
});

describe('lost agents', () => {
  test('blame what was started: again, then alone, then no more; the innocent get through', () => {
    const world = new DispatchWorld(fakeTasks(3));
    const poison = 't0';
    for (let life = 0; !world.state.finished && life < 20; life += 1) {
      const session = `life${life}`;
      world.join(session);
      for (let grant = world.leased(session)[0]; grant; grant = world.leased(session)[0]) {
        for (const each of world.leased(session)) world.start(each);
        if (world.leased(session).some(({ task }) => task.id === poison)) break;
        world.report(grant);
        world.commit();
      }
      world.die(session);
    }
    assert.deepEqual(Object.fromEntries(world.ends), { t0: 'failed', t1: 'done', t2: 'done' });
    assert.equal(ids(world).filter((id) => id === poison).length, 3);
  });

  test('whoever runs a suspect gets nothing else meanwhile', () => {
    const world = new DispatchWorld(fakeTasks(2));
    const killed: string[] = [];
    for (let life = 0; life < 2; life += 1) {
      const session = `life${life}`;
      world.join(session, 1);
      const [grant] = world.leased(session);
      world.start(grant!);
      killed.push(grant!.task.id);
      world.die(session);
    }
    assert.deepEqual(killed, ['t0', 't0']);
    world.join('other', 1);
    assert.deepEqual(
      world.leased('other').map(({ task }) => task.id),
      ['t1'],
    );
    world.join('alone', 4);
    assert.deepEqual(
      world.leased('alone').map(({ task }) => task.id),
      ['t0'],
    );
    world.die('other', ['alone']);
    assert.equal(world.leased('alone').length, 1);
    world.report(world.leased('alone')[0]!);
    assert.deepEqual(
      world.leased('alone').map(({ task }) => task.id),
      ['t1'],
    );
  });

  test('what was never started is blamed on nobody', () => {
    const world = new DispatchWorld(fakeTasks(1));
    for (let life = 0; life < 10; life += 1) {
      world.join(`life${life}`);
      world.die(`life${life}`);
    }
    assert.equal(world.ends.size, 0);
    assert.equal(world.grants.length, 10);
  });

  test('silence takes its tasks away, and coming back takes the blame away', () => {
    const world = new DispatchWorld(fakeTasks(1));
    world.join('a');
    for (let freeze = 0; freeze < 5; freeze += 1) {
      world.start(world.leased('a')[0]!);
      const [zombie] = world.leased('a');
      world.pass(9000, []);
      assert.equal(world.state.agents.size, 0);
      world.join('a', 2, [zombie!.attempt]);
      assert.ok(world.effects.at(-2)?.type === 'stale', 'the zombie is to drop what it held');
    }
    assert.equal(world.ends.size, 0);
  });

  test('a short break of the connection costs nothing', () => {
    const world = new DispatchWorld(fakeTasks(1));
    world.join('a');
    const [grant] = world.leased('a');
    world.send({ type: 'disconnected', session: 'a' });
    world.pass(1000, []);
    world.join('a', 2, [grant!.attempt]);
    world.pass(5000, ['a']);
    world.report(grant!);
    world.commit();
    assert.equal(world.grants.length, 1);
    assert.equal(world.ends.get('t0'), 'done');
  });

  test('an attempt that its living agent does not mention any more is lent again', () => {
    const world = new DispatchWorld(fakeTasks(1));
    world.join('a');
    for (let beat = 0; beat < 61; beat += 1) {
      world.nowMs += 1000;
      world.send({ type: 'heard', session: 'a', held: [] });
      world.send({ type: 'tick' });
    }
    assert.equal(world.grants.length, 2);
    assert.ok(world.has('cancel'));
  });

  test('when the master itself stood still nobody is lost', () => {
    const world = new DispatchWorld(fakeTasks(1));
    world.join('a');
    world.nowMs += 3_600_000;
    world.send({ type: 'tick' });
    assert.equal(world.state.agents.size, 1);
    world.pass(7000, []);
    assert.equal(world.state.agents.size, 1);
    world.pass(2000, []);
    assert.equal(world.state.agents.size, 0);
  });

  test('when no agent will come any more the rest fails instead of waiting for ever', () => {
    const world = new DispatchWorld(fakeTasks(3));
    world.join('a');
    world.send({ type: 'exhausted', failed: failed('environment', 'gave up') });
    assert.equal(world.ends.size, 0, 'one agent is still there');
    world.die('a');
    assert.equal(world.ends.size, 3);
    assert.ok(world.has('finished'));
  });
});

describe('stopping', () => {
  test('drain: hands out no more, and ends with the last running task', () => {
    const world = new DispatchWorld(fakeTasks(10));
    world.join('a');
    const [first, second, third] = world.leased('a');
    world.send({ type: 'drain' });
    world.send({
      type: 'left',
      session: 'a',
      reason: 'drain',
      returned: [third!.attempt],
      running: 2,
    });
    world.report(first!);
    world.report(second!);
    world.commit();
    assert.ok(!world.has('finished'));
    world.commit();
    assert.ok(world.has('finished'));
    assert.equal(world.state.open, 8);
  });

  test('abort: cancels everything, and does not wait for ever', () => {
    const world = new DispatchWorld(fakeTasks(3));
    world.join('a');
    const cancelled = world.send({ type: 'abort' }).filter(({ type }) => type === 'cancel');
    assert.equal(cancelled.length, 3);
    world.pass(6000, ['a']);
    assert.ok(world.has('finished'));
  });
});
