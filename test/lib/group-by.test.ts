import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupBy } from '#src/lib/group-by.js';

test('groups stand in the order of their first items, and items in theirs', () => {
  const groups = groupBy(['bb', 'a', 'cc', 'd', 'ee'].values(), ({ length }) => length);
  assert.deepEqual(
    [...groups],
    [
      [2, ['bb', 'cc', 'ee']],
      [1, ['a', 'd']],
    ],
  );
  assert.equal(groupBy([], String).size, 0);
});
