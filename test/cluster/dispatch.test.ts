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

  test('what is encoded needs no slot, but only as many as there are', () => {
    const world = new DispatchWorld(fakeTasks(20));
    world.join('a');
    for (const { session, attempt } of world.leased('a')) {
      world.send({ type: 'encoded', session, attempt });
    }
    assert.equal(world.leased('a').length, 5);
    for (const grant of world.leased('a').slice(0, 3)) world.report(grant, made(5000));
    assert.equal(world.leased('a').length, 3);
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
    world.join('a', 2, [world.claim(grant!)]);
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

  test('five of the environment in a row pause an agent, but never the last one', () => {
    const world = new DispatchWorld(fakeTasks(50));
    world.join('a');
    world.join('b');
    for (let at = 0; at < world.grants.length; at += 1) {
      world.report(world.grants[at]!, failed('environment', 'no space left'));
    }
    assert.equal(world.effects.filter((effect) => effect.type === 'paused').length, 1);
    assert.ok(world.has('finished'));
    assert.equal(world.ends.size, 50);
    const reasons = world.effects.filter((effect) => effect.type === 'failed');
    assert.deepEqual(
      new Set(reasons.map((effect) => effect.failed.text)),
      new Set(['no space left']),
    );
  });

  test('what fails on the only agent for one output may work for the next', () => {
    const world = new DispatchWorld(fakeTasks(50));
    world.join('a');
    for (let at = 0; at < world.grants.length; at += 1) {
      world.report(world.grants[at]!, at < 20 ? failed('environment') : made(100));
      world.commit();
    }
    assert.ok(!world.has('paused') && world.has('finished'));
    const ends = [...world.ends.values()];
    assert.equal(ends.filter((end) => end === 'done').length, 30);
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
