import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { divide } from '#src/plan/divide.js';
import type { Weighed } from '#src/plan/divide.js';

function costOf(work: readonly Weighed[]): number {
  return work.reduce((sum, { cost }) => sum + cost, 0);
}

test('the dearest first, each to the share that has least', () => {
  const work = [3, 7, 2, 6, 5].map((cost) => ({ cost, source: `${cost}` }));
  const costs = divide(work, 2).map((share) => share.map(({ cost }) => cost));
  assert.deepEqual(costs, [
    [7, 3, 2],
    [6, 5],
  ]);
});

test('outputs of one source stay together', () => {
  const work = ['a', 'b', 'a', 'c', 'b', 'a'].map((source) => ({ cost: 1, source }));
  const shares = divide(work, 3).map((share) => share.map(({ source }) => source).join(''));
  assert.deepEqual(shares, ['aaa', 'bb', 'c']);
});

test('more shares than work leaves some empty', () => {
  assert.deepEqual(
    divide([{ cost: 1, source: 'a' }], 3).map((share) => share.length),
    [1, 0, 0],
  );
  assert.deepEqual(divide([], 2), [[], []]);
});

test('every piece is in one share, whatever the order; no share is more than a source dearer', () => {
  const piece = fc.record({
    cost: fc.integer({ min: 0, max: 1000 }),
    source: fc.string({ maxLength: 2 }),
  });
  fc.assert(
    fc.property(fc.array(piece), fc.integer({ min: 1, max: 9 }), (work, shares) => {
      const divided = divide(work, shares);
      assert.equal(divided.length, shares);
      assert.deepEqual(new Set(divided.flat()), new Set(work));
      assert.equal(divided.flat().length, work.length);
      const sources = new Map<string, number>();
      for (const { source, cost } of work) sources.set(source, (sources.get(source) ?? 0) + cost);
      const costs = divided.map(costOf);
      assert.ok(Math.max(...costs) - Math.min(...costs) <= Math.max(0, ...sources.values()));
      const other = divide(work.toReversed(), shares).map(costOf);
      assert.deepEqual(other, costs);
    }),
  );
});
