import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DispatchOptions } from '#src/cluster/dispatch-state.js';
import type { Need } from '#src/cluster/need.js';
import type { Task } from '#src/task/task.js';
import { DispatchWorld } from './dispatch-world.js';
import { failed, fakeTasks, made } from './rig.js';

/** Even tasks need the one, odd ones the other. */
const needsOf = ({ id }: Task): readonly Need[] => [
  (Number(id.slice(1)) % 2 === 0 ? 'even' : 'odd') as Need,
];

function world(count: number, options: Partial<DispatchOptions> = {}): DispatchWorld {
  return new DispatchWorld(fakeTasks(count), { needsOf, ...options });
}

function join(w: DispatchWorld, session: string, ...lacks: readonly string[]): void {
  const reasons = new Map(lacks.map((need) => [need as Need, `no ${need} here`]));
  w.send({ type: 'joined', session, name: session, slots: 2, held: [], lacks: reasons });
}

const ids = (w: DispatchWorld, session: string): readonly string[] =>
  w.leased(session).map(({ task }) => task.id);

describe('an agent gets', () => {
  test('only what it can do, in the same order', () => {
    const w = world(12, { mayGrow: true });
    join(w, 'a', 'odd');
    join(w, 'b');
    assert.deepEqual(ids(w, 'a'), ['t0', 't2', 't4']);
    assert.deepEqual(ids(w, 'b'), ['t1', 't3', 't5']);
  });

  test('no retry that it cannot do: that fails with its own reason', () => {
    const w = world(2, { mayGrow: true });
    join(w, 'a', 'odd');
    join(w, 'b');
    const [odd] = w.leased('b');
    w.report(odd!, failed('environment', 'disk full'));
    assert.equal(w.ends.get(odd!.task.id), 'failed');
  });

  test('nothing while it rests; what it gave back goes to others', () => {
    const w = world(6);
    join(w, 'a');
    const [first, ...waiting] = w.leased('a');
    w.start(first!);
    const returned = waiting.map(({ attempt }) => attempt);
    const held = [first!.attempt];
    w.send({ type: 'heard', session: 'a', held, returned, resting: 'its load is above 4' });
    assert.deepEqual(ids(w, 'a'), ['t0']);
    assert.ok(w.has('resting'));
    w.report(first!, made(5000));
    assert.deepEqual(ids(w, 'a'), []);
    join(w, 'b');
    assert.equal(w.leased('b').length, 3);
    w.send({ type: 'heard', session: 'a', held: [] });
    assert.ok(w.leased('a').length > 0);
  });

  test('nothing when it comes back resting', () => {
    const w = world(2);
    w.send({ type: 'joined', session: 'a', name: 'a', slots: 2, held: [], resting: 'night' });
    w.pass(200_000, []);
    assert.equal(w.grants.length, 0);
    assert.equal(w.ends.size, 0);
  });
});

describe('tasks that no agent can do', () => {
  const untakable = (w: DispatchWorld): readonly string[] =>
    w.effects.flatMap((effect) => (effect.type === 'untakable' ? [effect.reason] : []));
  const reasons = (w: DispatchWorld): readonly string[] =>
    w.effects.flatMap((effect) => (effect.type === 'failed' ? [effect.failed.text] : []));

  test('fail at once where none will come, with what is lacking', () => {
    const w = world(4);
    join(w, 'a', 'odd');
    assert.deepEqual([w.ends.get('t1'), w.ends.get('t3'), w.ends.size], ['failed', 'failed', 2]);
    assert.deepEqual(reasons(w).slice(0, 1), ['no worker can make it: a: no odd here']);
  });

  test('wait where one may come, and are told once', () => {
    const w = world(4, { mayGrow: true });
    join(w, 'a', 'odd');
    join(w, 'b', 'odd');
    assert.deepEqual(untakable(w), ['a: no odd here']);
    w.pass(3000, ['a', 'b']);
    join(w, 'c');
    assert.deepEqual(ids(w, 'c'), ['t1', 't3']);
    assert.equal(untakable(w).length, 1);
  });

  test('fail in the end, when nothing else has been left for a while', () => {
    const w = world(4, { mayGrow: true });
    join(w, 'a', 'odd');
    w.pass(200_000, ['a']);
    assert.equal(w.ends.size, 0, 'not while others run');
    for (const grant of w.leased('a')) {
      w.report(grant);
      w.commit();
    }
    w.pass(59_000, ['a']);
    assert.equal(w.ends.size, 2);
    w.pass(3000, ['a']);
    assert.equal(w.ends.size, 4);
    assert.ok(w.has('finished'));
  });
});
