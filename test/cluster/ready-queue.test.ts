import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ReadyQueue } from '#src/cluster/ready-queue.js';

test('gives the smallest rank of the kinds that may be taken', () => {
  const queue = new ReadyQueue([0, 1, 1, 0]);
  assert.deepEqual([queue.size, queue.sizeOf(0), queue.sizeOf(1), queue.sizeOf(7)], [4, 2, 2, 0]);
  assert.equal(
    queue.pop((kind) => kind === 1),
    1,
  );
  assert.equal(queue.pop(), 0);
  queue.push(0);
  assert.equal(queue.pop(), 0);
  assert.equal(
    queue.pop(() => false),
    undefined,
  );
  assert.deepEqual([queue.pop(), queue.pop(), queue.pop(), queue.size], [2, 3, undefined, 0]);
});

test('is a sorted list with gaps, whatever is taken', () => {
  const kinds = fc.array(fc.nat(3), { maxLength: 40 });
  fc.assert(
    fc.property(kinds, fc.array(fc.nat(3)), (kindOf, takes) => {
      const queue = new ReadyQueue(kindOf);
      let left = [...kindOf.keys()];
      for (const taken of takes) {
        const expected = left.find((rank) => kindOf[rank] === taken);
        assert.equal(
          queue.pop((kind) => kind === taken),
          expected,
        );
        left = left.filter((rank) => rank !== expected);
        assert.equal(queue.size, left.length);
      }
    }),
  );
});
