import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StatKey } from '#src/lib/stat-key.js';
import { isRacy } from '#src/sources/racy.js';

const SECOND = 1_000_000_000n;
const at = (mtimeNs: bigint, ctimeNs: bigint): StatKey => `1:${mtimeNs}:${ctimeNs}:2` as StatKey;

test('a file is racy while its last change is within two seconds of now', () => {
  const now = 10n * SECOND;
  assert.equal(isRacy(at(8n * SECOND - 1n, 0n), now), false);
  assert.equal(isRacy(at(8n * SECOND, 0n), now), true);
  assert.equal(isRacy(at(0n, 8n * SECOND), now), true, 'ctime counts as well');
  assert.equal(isRacy(at(0n, 70n * SECOND), now), true, 'the server is ahead');
  assert.equal(isRacy(at(11n * SECOND, 0n), now), true, 'a tick ahead');
  assert.equal(isRacy(at(70n * SECOND, 0n), now), false, 'set by somebody: a write shows');
});
