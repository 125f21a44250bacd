import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { cutToBytes } from '#src/lib/file-name.js';

test('a name is cut between characters, as late as possible', () => {
  assert.equal(cutToBytes('abc', 3), 'abc');
  assert.equal(cutToBytes('aé', 2), 'a', 'two bytes of UTF-8');
  assert.equal(cutToBytes('a😀b', 4), 'a', 'four bytes, two code units');
  assert.equal(cutToBytes('a😀b', 5), 'a😀');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (name, maxBytes) => {
      const kept = cutToBytes(name, maxBytes);
      assert.ok(name.startsWith(kept) && Buffer.byteLength(kept) <= maxBytes);
      const [next = ''] = name.slice(kept.length);
      assert.ok(next === '' || Buffer.byteLength(kept + next) > maxBytes);
    }),
  );
});
