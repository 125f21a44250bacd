import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWithin } from '#src/lib/path-within.js';

test('a folder holds itself and what lies below it, not its namesakes', () => {
  assert.equal(isWithin('/music', '/music'), true);
  assert.equal(isWithin('/music/a', '/music'), true);
  assert.equal(isWithin('/music-2/a', '/music'), false);
  assert.equal(isWithin('/mus', '/music'), false);
  assert.equal(isWithin('/music', '/'), true);
});
