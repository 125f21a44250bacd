import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TextTail } from '#src/lib/text-tail.js';

test('the tail of a text has its end only', () => {
  const tail = new TextTail(5);
  assert.equal(tail.text(), '');
  for (const part of ['abc', 'def', 'gh\n']) tail.add(Buffer.from(part));
  assert.equal(tail.text(), 'efgh');
});
