import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createDispatch } from '#src/cluster/dispatch-state.js';
import { RankQueue } from '#src/cluster/rank-queue.js';
import { DEFAULT_TIMING } from '#src/cluster/timing.js';
import { fakeTask } from './rig.js';

test('always gives the smallest, whatever was taken and put back before', () => {
  const operations = fc.array(
    fc.oneof(fc.constantFrom('pop' as const, 'delete' as const), fc.nat(100)),
  );
  fc.assert(
    fc.property(fc.nat(20), operations, (count, steps) => {
      const model = Array.from({ length: count }, (_, rank) => rank);
      const queue = new RankQueue(model);
      for (const step of steps) {
        if (step === 'pop') {
          assert.equal(queue.pop(), model.shift());
        } else if (step === 'delete') {
          const [middle] = model.splice(Math.floor(model.length / 2), 1);
          if (middle !== undefined) queue.delete(middle);
        } else if (!model.includes(step)) {
          queue.push(step);
          model.push(step);
          model.sort((a, b) => a - b);
        }
        assert.equal(queue.size, model.length);
      }
    }),
  );
});

test('a million tasks are ranked, the longest first', () => {
  const one = fakeTask(0);
  const tasks = Array.from({ length: 1_000_000 }, (_, index) => ({
    ...one,
    id: `t${index}` as typeof one.id,
    cost: (index * 7919) % 1000,
  }));
  const state = createDispatch(
    {
      epoch: 1,
      tasks,
      token: () => '',
      timing: DEFAULT_TIMING,
      awaited: new Set(),
      isOpen: () => false,
    },
    0,
  );
  assert.equal(state.ready.size, 1_000_000);
  assert.equal(state.byRank[0]?.task.cost, 999);
});
