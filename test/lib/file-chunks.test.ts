import assert from 'node:assert/strict';
import { it } from 'node:test';
import { FILE_CHUNK_BYTES, giveChunk, takeChunk } from '#src/lib/file-chunks.js';

it('a chunk is lent to one at a time, and again when it was given back', () => {
  const [first, second] = [takeChunk(), takeChunk()];
  assert.equal(first.length, FILE_CHUNK_BYTES);
  assert.notEqual(first.buffer, second.buffer);
  giveChunk(first.subarray(0, 7));
  assert.equal(takeChunk().buffer, first.buffer);
});
