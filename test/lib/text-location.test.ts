import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { textLocation } from '#src/lib/text-location.js';

const text = 'one\r\ntwo three\n\nfour';
const source = { file: 'f', text };

test('names line, column, length and the whole line', () => {
  const start = text.indexOf('three');
  assert.deepEqual(textLocation(source, start, start + 5), {
    file: 'f',
    line: 2,
    column: 5,
    length: 5,
    text: 'two three',
  });
});

test('cuts at the end of the line and leaves carriage returns out', () => {
  const at = textLocation(source, 0, text.length);
  assert.deepEqual([at.line, at.column, at.length, at.text], [1, 1, 3, 'one']);
});

test('the last line needs no line break; an offset behind the end is its end', () => {
  const at = textLocation(source, 999, 1000);
  assert.deepEqual([at.line, at.column, at.length, at.text], [4, 5, 1, 'four']);
});

test('always points into the line it shows', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(40), fc.nat(40), (any, start, end) => {
      const at = textLocation({ file: 'f', text: any }, start, end);
      assert.equal(at.text, any.split('\n')[at.line - 1]?.replace(/\r$/, ''));
      assert.ok(at.column >= 1 && at.column <= at.text.length + 1);
      assert.ok(at.length >= 1);
    }),
  );
});
