import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderFailure } from '#src/report/failure-text.js';
import { makePalette, plainPalette } from '#src/report/terminal.js';

const location = {
  file: '/m/flac2all.yaml',
  line: 12,
  column: 16,
  length: 7,
  text: '    options: { bitrte: 128 }',
};

test('shows message, place, line with caret, and the way out', () => {
  const failure = {
    code: 'MANIFEST_INVALID',
    message: 'unknown option "bitrte"',
    location,
    hint: 'did you mean "bitrate"?',
  };
  assert.equal(
    renderFailure(failure, plainPalette),
    [
      'error: unknown option "bitrte" [MANIFEST_INVALID]',
      '  at /m/flac2all.yaml:12:16',
      '  12 |     options: { bitrte: 128 }',
      '     |                ^^^^^^^',
      'hint: did you mean "bitrate"?',
      '',
    ].join('\n'),
  );
});

test('the caret stands below the character, wide characters and escapes before it counted', () => {
  const text = '\t久: x';
  const shown = renderFailure(
    { code: 'E', message: 'm', location: { ...location, text, column: 5, length: 1 } },
    plainPalette,
  );
  const [, , line = '', caret = ''] = shown.split('\n');
  assert.equal(line, String.raw`  12 | \t久: x`);
  assert.equal(caret, `     | ${' '.repeat(6)}^`);
});

test('of a long line what surrounds the caret is shown, within 80 columns', () => {
  const before = 'abcdefghij'.repeat(50);
  const shownLine = (text: string, column: number): readonly string[] =>
    renderFailure(
      { code: 'E', message: 'm', location: { ...location, text, column, length: 4 } },
      plainPalette,
    ).split('\n');
  for (const text of [`${before}HERE`, `HERE${before}`, `${before}HERE${before}`]) {
    const [, , line = '', caret = ''] = shownLine(text, text.indexOf('HERE') + 1);
    assert.ok(line.length <= 80, line);
    assert.equal(line.slice(caret.indexOf('^'), caret.length), 'HERE');
    assert.match(line, /…/);
  }
  const [, , endless = '', carets = ''] = renderFailure(
    { code: 'E', message: 'm', location: { ...location, text: before, column: 1, length: 500 } },
    plainPalette,
  ).split('\n');
  assert.ok(endless.length <= 80 && carets.length <= 80, carets);
});

test('a failure without a place still has a caret-free text, and names cannot steer the terminal', () => {
  assert.equal(
    renderFailure({ code: 'X', message: 'cannot read /a\u001B[2J\nb' }, plainPalette),
    String.raw`error: cannot read /a\x1b[2J\nb [X]` + '\n',
  );
  assert.match(renderFailure({ code: 'X', message: 'm' }, makePalette(true)), /\p{Cc}\[31m/u);
});
