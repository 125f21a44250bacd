import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { MAX_FAILURES, scale } from '#src/providers/scale.js';
import type { PilotView, ScaleState } from '#src/providers/scale.js';
import { ScaleWorld } from './scale-world.js';

function state(changes: Partial<ScaleState> = {}): ScaleState {
  return {
    min: 0,
    max: 10,
    slots: 4,
    pilots: [],
    openTasks: 1000,
    otherSlots: 0,
    meanTaskMs: 10_000,
    waitMs: 5000,
    failures: 0,
    lastSubmitMs: undefined,
    ...changes,
  };
}

function pilots(count: number, phase: PilotView['phase'] = 'joined'): readonly PilotView[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `${phase}${index}`,
    phase,
    submittedMs: index,
  }));
}

describe('how many pilots', () => {
  test('as many as make the work last a minute, never more than max', () => {
    assert.equal(scale(state({ openTasks: 48 }), 0).submit, 2);
    assert.equal(scale(state(), 0).submit, 10);
  });

  test('pending ones count', () => {
    assert.equal(scale(state({ pilots: pilots(10, 'pending') }), 0).submit, 0);
    assert.equal(scale(state({ pilots: pilots(7, 'pending') }), 0).submit, 3);
  });

  test('none for what other workers do before a pilot would begin', () => {
    const soon = { openTasks: 8, otherSlots: 4, meanTaskMs: 1000, waitMs: 60_000 };
    assert.equal(scale(state(soon), 0).submit, 0);
    assert.equal(scale(state({ ...soon, otherSlots: 0 }), 0).submit, 1);
  });

  test('min, however little there is to do, but never more than tasks', () => {
    const little = { openTasks: 3, otherSlots: 64, meanTaskMs: 1 };
    assert.equal(scale(state({ ...little, min: 2 }), 0).submit, 2);
    assert.equal(scale(state({ ...little, min: 5 }), 0).submit, 3);
  });

  test('what has no tasks goes: first what waits, then the youngest', () => {
    const many = [...pilots(3), ...pilots(2, 'pending')];
    assert.deepEqual(scale(state({ pilots: many, openTasks: 8 }), 0).drain.toSorted(), [
      'joined2',
      'pending0',
      'pending1',
    ]);
  });

  test('a run that is over is ended by others', () => {
    const over = scale(state({ pilots: pilots(4), openTasks: 0 }), 0);
    assert.deepEqual(over, { submit: 0, drain: [] });
  });

  test('three deaths in a row are enough', () => {
    assert.equal(scale(state({ failures: MAX_FAILURES }), 1e9).submit, 0);
    assert.ok(scale(state({ failures: MAX_FAILURES - 1, lastSubmitMs: 0 }), 1e9).submit > 0);
  });

  test('after a death it takes longer to the next', () => {
    const again = state({ failures: 2, lastSubmitMs: 0 });
    assert.equal(scale(again, 3900).submit, 0);
    assert.ok(scale(again, 4000).submit > 0);
  });

  test('always within max and tasks, and never both ways at once', () => {
    const view = fc.record({
      id: fc.uuid(),
      phase: fc.constantFrom('pending', 'started', 'joined', 'draining'),
      submittedMs: fc.nat(1000),
    }) as fc.Arbitrary<PilotView>;
    const states = fc.record({
      min: fc.nat(20),
      max: fc.integer({ min: 20, max: 50 }),
      slots: fc.integer({ min: 1, max: 16 }),
      pilots: fc.array(view, { maxLength: 60 }),
      openTasks: fc.nat(2000),
      otherSlots: fc.nat(64),
      meanTaskMs: fc.option(fc.double({ min: 1, max: 1e6, noNaN: true }), { nil: undefined }),
      waitMs: fc.option(fc.double({ min: 0, max: 1e7, noNaN: true }), { nil: undefined }),
      failures: fc.nat(2),
      lastSubmitMs: fc.constant(undefined),
    });
    fc.assert(
      fc.property(states, (any) => {
        const { submit, drain } = scale(any, 0);
        const staying = any.pilots.filter(({ phase }) => phase !== 'draining').length;
        assert.ok(submit >= 0 && (submit === 0 || drain.length === 0));
        if (any.openTasks === 0) return;
        const after = staying + submit - drain.length;
        assert.ok(after <= Math.max(any.max, any.min) && after <= any.openTasks);
        assert.ok(after >= Math.min(any.min, any.openTasks));
        // Asked again at once it wants nothing more.
        const added = pilots(submit, 'pending');
        const left = any.pilots.filter(({ id }) => !drain.includes(id));
        const again = scale({ ...any, pilots: [...left, ...added] }, 0);
        assert.deepEqual(again, { submit: 0, drain: [] });
      }),
    );
  });
});

describe('a run of 100,000 tasks, simulated', () => {
  test('pilots wait in a queue, some are preempted: grows to the maximum and stays there', () => {
    const world = new ScaleWorld({ tasks: 100_000, max: 32, slots: 8, taskMs: 4000, seed: 7 });
    world.run({ queueMs: [5000, 120_000], preemptEveryMs: 60_000 });
    assert.equal(world.done, 100_000);
    assert.ok(world.preempted > 10, `${world.preempted} preempted`);
    assert.equal(world.most, 32);
    assert.ok(!world.everMoreThanTasks);
    // Every pilot beyond the first ones replaces one that was preempted, but for the last moments.
    assert.ok(world.submitted <= 32 + world.preempted && world.submitted > world.preempted + 29);
    assert.equal(world.directionChanges, 1, 'up, and down at the end: nothing between');
    const ideal = (100_000 * 4000) / (32 * 8);
    assert.ok(world.nowMs < ideal * 1.3, `${world.nowMs} of ${ideal} ms`);
  });

  test('noise in the speed moves nothing', () => {
    const world = new ScaleWorld({ tasks: 20_000, max: 64, slots: 4, taskMs: 2000, seed: 3 });
    world.run({ queueMs: [1000, 30_000], noise: 0.9 });
    assert.equal(world.done, 20_000);
    assert.ok(world.directionChanges <= 1);
  });

  test('a minimum stands until there are fewer tasks', () => {
    const world = new ScaleWorld({ tasks: 200, min: 8, max: 16, slots: 2, taskMs: 500, seed: 5 });
    world.run({ queueMs: [500, 2000] });
    assert.equal(world.done, 200);
    assert.ok(world.most >= 8 && !world.everMoreThanTasks);
  });

  test('a queue that starts nothing for an hour fills up once', () => {
    const world = new ScaleWorld({ tasks: 5000, max: 32, slots: 8, taskMs: 4000, seed: 1 });
    world.run({ queueMs: [3_600_000, 3_600_000] });
    assert.equal(world.submitted, world.most);
    assert.equal(world.done, 5000);
  });
});
