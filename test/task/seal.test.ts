import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { StatKey } from '#src/lib/stat-key.js';
import { isRacySource } from '#src/task/seal.js';

const SECOND = 1_000_000_000n;

it('of two clocks the one counts by which the source is younger', () => {
  const source = `1:${97n * SECOND}:${97n * SECOND}:2` as StatKey;
  const at = (local: bigint, part: bigint): boolean =>
    isRacySource(source, { localNs: local * SECOND, partNs: part * SECOND });
  assert.equal(at(98n, 500n), true);
  assert.equal(at(500n, 98n), true);
  assert.equal(at(500n, 500n), false);
});
