import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseText } from '#src/manifest/parse.js';
import type { ParsedDocument } from '#src/manifest/parse.js';
import { complaints, show } from './manifest-text.js';

function parsed(text: string): ParsedDocument {
  const result = parseText({ file: 'f.yaml', text });
  if (result.ok) return result.value;
  throw new Error(result.error.map((failure) => show(failure)).join('\n'));
}

/** `line:column text` of what is underlined. */
function at(document: ParsedDocument, path: (string | number)[], part?: 'key' | 'value'): string {
  const { line, column, length, text } = document.locate(path, part);
  return `${line}:${column} ${text.slice(column - 1, column - 1 + length)}`;
}

const golden: readonly (readonly [name: string, text: string, shown: string])[] = [
  [
    'a duplicate key',
    'version: 1\nversion: 1\n',
    'MANIFEST_SYNTAX 2:1 the key "version" stands twice in the same mapping\nversion: 1\n^^^^^^^',
  ],
  [
    'a tab',
    'source:\n\tpath: /m\n',
    'MANIFEST_SYNTAX 2:1 a tab stands in the indentation (YAML is indented by spaces only)\n\tpath: /m\n^',
  ],
  [
    'a second document',
    'version: 1\n---\nversion: 1\n',
    'MANIFEST_SYNTAX 2:1 a second document begins here; a manifest is one document\n---\n^^^',
  ],
  [
    'a colon in plain text',
    'source: a: b\n',
    'MANIFEST_SYNTAX 1:9 a second "key: value" on the same line (put the text in quotes if the colon belongs to it, or begin a new line)\nsource: a: b\n        ^',
  ],
  [
    'an alias without anchor',
    'source: *music\n',
    'MANIFEST_SYNTAX 1:9 "*music" refers to no anchor "&music" above it\nsource: *music\n        ^^^^^^',
  ],
  [
    'an alias of what it is in',
    'source: &a [1, *a]\n',
    'MANIFEST_SYNTAX 1:16 "*a" refers to a value that it is a part of\nsource: &a [1, *a]\n               ^^',
  ],
  [
    'a tag',
    'source: !env MUSIC\n',
    'MANIFEST_SYNTAX 1:9 YAML tags ("!...") are not used in manifests (put text that begins with "!" in quotes)\nsource: !env MUSIC\n        ^^^^',
  ],
  [
    'a reserved character',
    'source: @music\n',
    'MANIFEST_SYNTAX 1:9 plain value cannot start with reserved character @ (put the text in quotes)\nsource: @music\n        ^',
  ],
];

for (const [name, text, shown] of golden) {
  test(`refuses ${name}`, () => {
    assert.deepEqual(complaints(text), [shown]);
  });
}

test('names every duplicate key', () => {
  assert.equal(complaints('a: 1\na: 2\nb: 1\nb: 2\n').length, 2);
});

for (const text of ['', '\n\n', '# only a comment\n', '---\n', '~\n', 'null']) {
  test(`${JSON.stringify(text)} is empty`, () => {
    assert.match(complaints(text)[0] ?? '', /^MANIFEST_EMPTY flac2all.yaml is empty/);
  });
}

test('locates keys and values', () => {
  const document = parsed('outputs:\n  - { to: "/a b", copy: [x, yy] }\n  -  to: /c\n');
  assert.equal(at(document, ['outputs'], 'key'), '1:1 outputs');
  assert.equal(at(document, ['outputs', 0, 'to']), '2:11 "/a b"');
  assert.equal(at(document, ['outputs', 0, 'copy', 1]), '2:29 yy');
  assert.equal(at(document, ['outputs', 1, 'to'], 'key'), '3:6 to');
});

test('a path that leads nowhere is located at its nearest parent', () => {
  const document = parsed('policy:\n  minAge: 2s\n');
  assert.equal(at(document, ['policy', 'nope', 3, 'x']), '2:3 minAge: 2s');
  assert.equal(at(document, ['cluster']), '1:1 policy:');
});

test('an empty value is located at its key', () => {
  assert.equal(at(parsed('source:\noutputs:\n'), ['source']), '1:1 source');
});

test('looks through aliases and merges to where a value was written', () => {
  const document = parsed('a: &a { bitrate: 96 }\nb: *a\nc:\n  <<: *a\n  vbr: cvbr\n');
  assert.equal(at(document, ['b', 'bitrate']), '1:18 96');
  assert.equal(at(document, ['c', 'bitrate']), '1:18 96');
  assert.equal(at(document, ['c', 'vbr']), '5:8 cvbr');
  assert.deepEqual(document.value, {
    a: { bitrate: 96 },
    b: { bitrate: 96 },
    c: { bitrate: 96, vbr: 'cvbr' },
  });
});

test('aliases that multiply are refused, not expanded', () => {
  const lines = ['a0: &a0 [x]'];
  for (let n = 1; n < 12; n++) lines.push(`a${n}: &a${n} [${`*a${n - 1}, `.repeat(10)}]`);
  const [first] = complaints(lines.join('\n'));
  assert.match(first ?? '', /^MANIFEST_SYNTAX/);
});

test('more aliases than a person writes are refused', () => {
  assert.match(
    complaints(`a: &a 1\nb: [${'*a, '.repeat(1001)}]`)[0] ?? '',
    /more than 1000 aliases/,
  );
});

test('a mapping with very many keys is no trouble', () => {
  const keys = Array.from({ length: 100_000 }, (_, n) => `k${n}: 1\n`).join('');
  assert.equal(complaints(`${keys}k5: 2\n`).length, 1);
});

test('deep nesting by indentation is refused', () => {
  const text = Array.from({ length: 300 }, (_, n) => `${' '.repeat(n)}a:\n`).join('');
  assert.match(complaints(text)[0] ?? '', /nested more than 100 levels deep/);
});

for (const unit of ['[', '{a: ', '- ', '? ']) {
  test(`deep nesting by ${JSON.stringify(unit)} is refused before it exhausts the stack`, () => {
    assert.match(complaints(unit.repeat(100_000))[0] ?? '', /^MANIFEST_SYNTAX/);
  });
}

test('any text is parsed or refused with a place; nothing throws', () => {
  const yamlish = fc.array(
    fc.oneof(
      fc.constantFrom(
        'a',
        ': ',
        '- ',
        '\n',
        '  ',
        '{',
        '}',
        '[',
        ']',
        ',',
        '&a ',
        '*a',
        '<<: ',
        '? ',
      ),
      fc.constantFrom(
        '"',
        "'",
        '|\n',
        '>\n',
        '#',
        '!',
        '---\n',
        '...\n',
        '%YAML 1.1\n',
        '\t',
        '\r\n',
        '1',
      ),
      fc.string({ maxLength: 3 }),
    ),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(yamlish, (parts) => {
      const result = parseText({ file: 'f.yaml', text: parts.join('') });
      if (result.ok) {
        JSON.stringify(result.value.value);
        return;
      }
      for (const { code, location } of result.error) {
        assert.ok(code === 'MANIFEST_EMPTY' || location !== undefined);
      }
    }),
    { numRuns: 2000 },
  );
});
