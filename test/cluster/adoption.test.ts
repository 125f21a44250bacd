import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DEFAULT_TIMING } from '#src/cluster/timing.js';
import type { HeldAttempt } from '#src/cluster/contract.js';
import { DispatchWorld, plainToken } from './dispatch-world.js';
import { fakeTasks } from './rig.js';

const { adoptionMs, probeMs } = DEFAULT_TIMING;
/** What agent `a` got from the master before this one. */
const HELD: HeldAttempt = {
  task: 't0',
  attempt: '6.1',
  token: plainToken('t0', '6.1', 'a'),
  slot: 1,
};

/** A master started again, that may find `t0` still running somewhere; `t1` is nobody's. */
function startedAgain(): DispatchWorld {
  return new DispatchWorld(fakeTasks(2), { awaited: new Set(['t0']) });
}

const given = (world: DispatchWorld): readonly string[] => world.grants.map(({ task }) => task.id);

describe('what an agent may still hold', () => {
  test('is its own when it comes in time, and everybody else waits for that long only', () => {
    const world = startedAgain();
    world.join('other');
    world.pass(adoptionMs - 1500, ['other']);
    assert.deepEqual(given(world), ['t1']);
    world.join('a', 2, [HELD]);
    assert.equal(world.state.agents.get('a')?.leases.has('6.1'), true);
    world.pass(2 * adoptionMs, ['other', 'a']);
    assert.deepEqual(given(world), ['t1']);
  });

  test('goes to others when nobody comes', () => {
    const world = startedAgain();
    world.join('other');
    world.pass(adoptionMs + 1000, ['other']);
    assert.deepEqual(given(world), ['t1', 't0']);
    world.join('a', 2, [HELD]);
    assert.ok(world.effects.some((each) => each.type === 'stale' && each.attempt === '6.1'));
  });

  test('waits for an agent that is being looked at, however slow its storage', () => {
    const world = startedAgain();
    world.join('other');
    world.send({ type: 'expecting' });
    world.pass(probeMs - 2000, ['other']);
    world.send({ type: 'expected' });
    world.join('a', 2, [HELD]);
    world.pass(adoptionMs, ['other', 'a']);
    assert.deepEqual(given(world), ['t1']);
  });

  test('does not wait for ever for agents that come again and again', () => {
    const world = startedAgain();
    world.join('other');
    for (let time = 0; time < 4; time += 1) {
      world.send({ type: 'expecting' });
      world.pass(probeMs / 2, ['other']);
    }
    assert.deepEqual(given(world), ['t1', 't0']);
  });

  test('is waited for as long when the master itself stood still', () => {
    const world = startedAgain();
    world.join('other');
    world.nowMs += 3_600_000;
    world.send({ type: 'tick' });
    world.join('a', 2, [HELD]);
    assert.deepEqual(given(world), ['t1']);
  });

  test('is taken with the proof of it only', () => {
    for (const lie of [
      { token: plainToken('t0', '6.1', 'other') },
      { attempt: '6.2' },
      { task: 't1' },
      { task: 'unknown' },
    ]) {
      const world = startedAgain();
      world.join('a', 2, [{ ...HELD, ...lie }]);
      assert.ok(!world.has('resumed'), JSON.stringify(lie));
      assert.ok(world.has('stale'));
    }
  });
});
