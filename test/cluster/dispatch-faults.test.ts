import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openAttempts } from '#src/cluster/dispatch-state.js';
import { DispatchWorld } from './dispatch-world.js';
import { failed, fakeTasks } from './rig.js';

const ids = (world: DispatchWorld): readonly string[] => world.grants.map(({ task }) => task.id);

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

  test('may still make parts for as long as they do not come back', () => {
    const world = new DispatchWorld(fakeTasks(3));
    const open = (): readonly string[] => openAttempts(world.state).map(({ attempt }) => attempt);
    world.join('lost', 1);
    const [first, second] = world.leased('lost');
    world.die('lost');
    assert.deepEqual(open(), [first?.attempt, second?.attempt]);
    world.join('other', 3);
    for (const grant of world.leased('other')) world.report(grant);
    while (!world.state.finished) world.commit();
    assert.deepEqual(open(), [first?.attempt, second?.attempt]);
    world.join('lost', 1, [world.claim(first!)]);
    assert.deepEqual(open(), []);
  });

  test('silence takes its tasks away, and coming back takes the blame away', () => {
    const world = new DispatchWorld(fakeTasks(1));
    world.join('a');
    for (let freeze = 0; freeze < 5; freeze += 1) {
      world.start(world.leased('a')[0]!);
      const [zombie] = world.leased('a');
      world.pass(9000, []);
      assert.equal(world.state.agents.size, 0);
      world.closed.add(zombie!.attempt);
      const effects = world.effects.length;
      world.join('a', 2, [world.claim(zombie!)]);
      const told = world.effects.slice(effects).map(({ type }) => type);
      assert.ok(told.includes('stale'), 'the zombie is to drop what it held');
    }
    assert.equal(world.ends.size, 0);
  });

  test('a short break of the connection costs nothing', () => {
    const world = new DispatchWorld(fakeTasks(1));
    world.join('a');
    const [grant] = world.leased('a');
    world.send({ type: 'disconnected', session: 'a' });
    world.pass(1000, []);
    world.join('a', 2, [world.claim(grant!)]);
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
