import assert from 'node:assert/strict';
import type { BigIntStats } from 'node:fs';
import { it } from 'node:test';
import { isRacy } from '#src/task/seal.js';

const SECOND = 1_000_000_000n;
const stats = (mtimeNs: bigint, ctimeNs: bigint) => ({ mtimeNs, ctimeNs }) as BigIntStats;

it('a source is racy while an edit could leave its stat as it was', () => {
  const clocks = { nowMs: 100_000, partNs: 100n * SECOND };
  assert.equal(isRacy(stats(90n * SECOND, 97n * SECOND), clocks), false);
  assert.equal(isRacy(stats(90n * SECOND, 99n * SECOND), clocks), true, 'ctime is young');
  assert.equal(isRacy(stats(99n * SECOND, 90n * SECOND), clocks), true, 'mtime is young');
  assert.equal(isRacy(stats(200n * SECOND, 90n * SECOND), clocks), true, 'in the future');
});

it('of two clocks the one counts by which the source is younger', () => {
  const source = stats(97n * SECOND, 97n * SECOND);
  assert.equal(isRacy(source, { nowMs: 98_000, partNs: 500n * SECOND }), true);
  assert.equal(isRacy(source, { nowMs: 500_000, partNs: 98n * SECOND }), true);
  assert.equal(isRacy(source, { nowMs: 500_000, partNs: 500n * SECOND }), false);
});
