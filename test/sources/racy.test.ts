import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StatKey } from '#src/lib/stat-key.js';
import { isRacy } from '#src/sources/racy.js';

const at = (mtimeNs: bigint, ctimeNs: bigint): StatKey => `1:${mtimeNs}:${ctimeNs}:2` as StatKey;

test('a file is racy while its last change is within a tick of the file system clock', () => {
  const now = 10_000_000_000n;
  const tick = 4_000_000n;
  assert.equal(isRacy(at(now - tick - 1n, 0n), now, tick), false);
  assert.equal(isRacy(at(now - tick, 0n), now, tick), true);
  assert.equal(isRacy(at(0n, now - tick), now, tick), true);
  assert.equal(isRacy(at(now + 60_000_000_000n, 0n), now, tick), true, 'in the future');
});
