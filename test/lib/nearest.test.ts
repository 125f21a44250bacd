import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { nearest } from '#src/lib/nearest.js';

const keys = ['bitrate', 'vbr', 'complexity', 'frameSize', 'tune'];

for (const [word, expected] of [
  ['bitrat', 'bitrate'],
  ['birtate', 'bitrate'],
  ['BITRATE', 'bitrate'],
  ['framesize', 'frameSize'],
  ['frame_size', 'frameSize'],
  ['vrb', 'vbr'],
  ['tun', 'tune'],
  ['quality', undefined],
  ['v', undefined],
  ['', undefined],
] as const) {
  test(`nearest to "${word}" is ${expected ?? 'nothing'}`, () => {
    assert.equal(nearest(word, keys), expected);
  });
}

test('the first of equally near candidates wins', () => {
  assert.equal(nearest('cat', ['bat', 'rat']), 'bat');
});

test('a word is nearest to itself, whatever else there is', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.array(fc.string()), (word, others) => {
      assert.equal(nearest(word, [...others, word])?.toLowerCase(), word.toLowerCase());
    }),
  );
});

test('one edit in a word of three or more characters is always seen', () => {
  const word = fc.stringMatching(/^[a-z]{4,12}$/);
  fc.assert(
    fc.property(word, fc.nat(), (candidate, at) => {
      const index = at % candidate.length;
      const dropped = candidate.slice(0, index) + candidate.slice(index + 1);
      assert.equal(nearest(dropped, [candidate]), candidate);
    }),
  );
});
