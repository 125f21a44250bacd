import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { displayWidth, escapeControls, hang, truncateMiddle, wrapWords } from '#src/report/text.js';

const anyText = fc.string({
  unit: fc.constantFrom(
    'a',
    'é',
    'e\u0301',
    '久',
    'ﾞ',
    '👩‍🚀',
    ' ',
    '/',
    '\u001B',
    '\n',
    '\u202E',
    '\uD800',
  ),
});

test('control characters, direction marks and lone surrogates become visible', () => {
  assert.equal(escapeControls('a\nb\tc\r'), String.raw`a\nb\tc\r`);
  assert.equal(escapeControls('\u001B[31mred\u009B2J\u007F'), String.raw`\x1b[31mred\x9b2J\x7f`);
  assert.equal(escapeControls('gpj.\u202Eexe \uD800'), String.raw`gpj.\u202eexe \ud800`);
  assert.equal(escapeControls('Björk – 久石譲 👩‍🚀'), 'Björk – 久石譲 👩‍🚀');
});

test('what is escaped can no longer steer a terminal, and is escaped once', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const safe = escapeControls(text);
      assert.doesNotMatch(safe, /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u);
      assert.equal(escapeControls(safe), safe);
    }),
  );
});

test('truncation keeps both ends and never exceeds the columns', () => {
  assert.equal(truncateMiddle('Artist/Album/01 Song.opus', 25), 'Artist/Album/01 Song.opus');
  assert.equal(truncateMiddle('Artist/Album/01 Song.opus', 15), 'Artis…Song.opus');
  assert.equal(truncateMiddle('久石譲久石譲久石譲', 8), '久…石譲');
  fc.assert(
    fc.property(anyText, fc.nat(30), (raw, columns) => {
      const text = escapeControls(raw);
      const cut = truncateMiddle(text, columns);
      assert.ok(displayWidth(cut) <= columns);
      if (displayWidth(text) <= columns) assert.equal(cut, text);
    }),
  );
});

test('wide characters take two columns, combining marks and styles none', () => {
  assert.equal(displayWidth('久石譲'), 6);
  assert.equal(displayWidth('e\u0301'), 1);
  assert.equal(displayWidth('\u001B[31mred\u001B[39m'), 3);
});

test('wrapping keeps every word, and every line within the columns', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '久'), minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(fc.array(word), fc.integer({ min: 16, max: 60 }), (words, columns) => {
      const lines = wrapWords(words.join(' '), columns);
      assert.deepEqual(
        lines.flatMap((line) => line.split(' ')),
        words,
      );
      for (const line of lines) assert.ok(displayWidth(line) <= columns);
    }),
  );
});

test('a hanging line is indented; lines that fit keep their spaces', () => {
  assert.equal(hang('aa  bb\nccc ddd eee\n', 8), 'aa  bb\nccc\n  ddd\n  eee\n');
});
