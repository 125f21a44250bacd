import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { hideLineBreaks, showLineBreaks } from '#src/sources/line-breaks.js';

test('every name comes back as it was, and has no line break meanwhile', () => {
  const unit = fc.oneof(
    fc.constantFrom('\n', '\r', '\u2028', '\u2029', '\u{1F40A}'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  );
  fc.assert(
    fc.property(fc.string({ unit }), (name) => {
      const hidden = hideLineBreaks(name);
      assert.doesNotMatch(hidden, /[\n\r\u2028\u2029]/);
      assert.equal(showLineBreaks(hidden), name);
    }),
  );
});
