import assert from 'node:assert/strict';
import { test } from 'node:test';
import { id3v2Length } from '#src/sources/id3v2.js';

const tag = (flags: number, ...size: number[]): Buffer =>
  Buffer.from([0x49, 0x44, 0x33, 4, 0, flags, ...size]);

test('the length of an ID3v2 tag counts header and footer', () => {
  assert.equal(id3v2Length(tag(0, 0, 0, 2, 1)), 10 + 257);
  assert.equal(id3v2Length(tag(0x10, 0, 0, 0, 0)), 20);
  assert.equal(id3v2Length(tag(0, 0, 0, 0)), 0, 'cut off');
  assert.equal(id3v2Length(Buffer.from('fLaC000000')), 0);
});
