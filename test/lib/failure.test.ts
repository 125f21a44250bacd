import assert from 'node:assert/strict';
import { readFileSync, renameSync } from 'node:fs';
import { test } from 'node:test';
import { errorMessage } from '#src/lib/failure.js';

test('a system error tells what is wrong, not the call nor its paths', () => {
  assert.equal(
    messageOf(() => readFileSync('/no/such, open')),
    'ENOENT: no such file or directory',
  );
  assert.equal(
    messageOf(() => renameSync('/no/a', '/no/b')),
    'ENOENT: no such file or directory',
  );
});

test('other errors tell all that they have, open or not', () => {
  assert.equal(errorMessage(new Error('cannot, open the door')), 'cannot, open the door');
  assert.equal(errorMessage('thrown'), 'thrown');
});

function messageOf(run: () => void): string {
  try {
    run();
  } catch (error) {
    return errorMessage(error);
  }
  return 'nothing was thrown';
}
