import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaints } from './manifest-text.js';

const HEAD = 'version: 1\nsource: /m\n';
const OUTPUTS = 'outputs: [{ codec: opus, to: /o }]\n';

const golden: readonly (readonly [name: string, text: string, shown: readonly string[]])[] = [
  [
    'a mistyped option',
    `${HEAD}outputs:\n  - { codec: opus, options: { bitrat: 96 }, to: /o }\n`,
    [
      'MANIFEST_UNKNOWN_KEY 4:31 unknown key "bitrat" in options of codec opus (did you mean "bitrate"?)',
      '  - { codec: opus, options: { bitrat: 96 }, to: /o }',
      '                              ^^^^^^',
    ],
  ],
  [
    'an option beside the codec',
    `${HEAD}profiles:\n  car:\n    codec: mp3\n    vbr: 2\n${OUTPUTS}`,
    [
      'MANIFEST_UNKNOWN_KEY 6:5 unknown key "vbr" in profile "car" ("vbr" is an option of codec mp3: put it under "options")',
      '    vbr: 2',
      '    ^^^',
    ],
  ],
  [
    'an unknown key near no known one',
    `${HEAD}${OUTPUTS}policy: { colour: red }\n`,
    [
      'MANIFEST_UNKNOWN_KEY 4:11 unknown key "colour" in policy (known keys: onDrift, rebuildOnEncoderChange, maxDelete, trash, minAge, maxFailures)',
      'policy: { colour: red }',
      '          ^^^^^^',
    ],
  ],
  [
    'an option of a codec that has none',
    `${HEAD}outputs: [{ codec: copy, options: { level: 8 }, to: /o }]\n`,
    [
      'MANIFEST_UNKNOWN_KEY 3:37 unknown key "level" in options of codec copy (there are none here)',
      'outputs: [{ codec: copy, options: { level: 8 }, to: /o }]',
      '                                    ^^^^^',
    ],
  ],
  [
    'an unknown codec',
    `${HEAD}outputs: [{ codec: ops, to: /o }]\n`,
    [
      'MANIFEST_UNKNOWN_NAME 3:20 unknown codec "ops" in output 1 (did you mean "opus"?)',
      'outputs: [{ codec: ops, to: /o }]',
      '                   ^^^',
    ],
  ],
  [
    'a number in quotes',
    `${HEAD}outputs: [{ codec: opus, options: { bitrate: "96" }, to: /o }]\n`,
    [
      'MANIFEST_BAD_VALUE 3:46 "bitrate" in options of codec opus is text "96", expected a number (write it without quotes)',
      'outputs: [{ codec: opus, options: { bitrate: "96" }, to: /o }]',
      '                                             ^^^^',
    ],
  ],
  [
    'a number with a unit',
    `${HEAD}outputs: [{ codec: opus, options: { bitrate: 96k }, to: /o }]\n`,
    [
      'MANIFEST_BAD_VALUE 3:46 "bitrate" in options of codec opus is text "96k", expected a number (for example 96 or 128 or 160)',
      'outputs: [{ codec: opus, options: { bitrate: 96k }, to: /o }]',
      '                                             ^^^',
    ],
  ],
  [
    'a number out of range',
    `${HEAD}outputs: [{ codec: opus, options: { bitrate: 9000 }, to: /o }]\n`,
    [
      'MANIFEST_BAD_VALUE 3:46 "bitrate" in options of codec opus is number 9000, expected a number from 6 to 510 (for example 96 or 128 or 160)',
      'outputs: [{ codec: opus, options: { bitrate: 9000 }, to: /o }]',
      '                                             ^^^^',
    ],
  ],
  [
    'a version of ID3 without quotes',
    `${HEAD}outputs: [{ codec: mp3, tags: { id3: 2.3 }, to: /o }]\n`,
    [
      'MANIFEST_BAD_VALUE 3:38 "id3" in tags of output 1 is number 2.3, expected one of "2.3", "2.4" (write it in quotes: "2.3")',
      'outputs: [{ codec: mp3, tags: { id3: 2.3 }, to: /o }]',
      '                                     ^^^',
    ],
  ],
  [
    'yes for true',
    `${HEAD}outputs: [{ codec: mp3, prune: yes, to: /o }]\n`,
    [
      'MANIFEST_BAD_VALUE 3:32 "prune" in output 1 is text "yes", expected true or false (write true or false)',
      'outputs: [{ codec: mp3, prune: yes, to: /o }]',
      '                               ^^^',
    ],
  ],
  [
    'a mistyped choice',
    `${HEAD}${OUTPUTS}policy: { onDrift: repai }\n`,
    [
      'MANIFEST_BAD_VALUE 4:20 "onDrift" in policy is text "repai", expected one of "report", "repair", "accept" (did you mean "repair"?)',
      'policy: { onDrift: repai }',
      '                   ^^^^^',
    ],
  ],
  [
    'text in a wrong form',
    `${HEAD}${OUTPUTS}policy: { minAge: 2 seconds }\n`,
    [
      'MANIFEST_BAD_VALUE 4:19 "minAge" in policy cannot be text "2 seconds" (for example "2s" or "500ms" or "1m")',
      'policy: { minAge: 2 seconds }',
      '                  ^^^^^^^^^',
    ],
  ],
  [
    'one pattern where a list is wanted',
    `${HEAD}outputs: [{ codec: mp3, to: /o, copy: cover.jpg }]\n`,
    [
      'MANIFEST_BAD_VALUE 3:39 "copy" in output 1 is text "cover.jpg", expected a list (for example ["**/cover.jpg","**/*.lrc"])',
      'outputs: [{ codec: mp3, to: /o, copy: cover.jpg }]',
      '                                      ^^^^^^^^^',
    ],
  ],
  [
    'an empty value',
    `${HEAD}profiles:\n  car:\n${OUTPUTS}`,
    [
      'MANIFEST_BAD_VALUE 4:3 profile "car" is empty, expected a mapping (for example {"codec":"opus","options":{"bitrate":128}})',
      '  car:',
      '  ^^^',
    ],
  ],
  [
    'a missing key',
    `${HEAD}outputs:\n  - codec: opus\n`,
    [
      'MANIFEST_MISSING_KEY 4:5 output 1 has no "to" (for example to: "/music/{profile}" or to: "~/Lossy/{source}/{profile}")',
      '  - codec: opus',
      '    ^^^^^^^^^^^',
    ],
  ],
  [
    'no source',
    `version: 1\n${OUTPUTS}`,
    [
      'MANIFEST_MISSING_KEY 1:1 the manifest has neither "source" nor "sources"',
      'version: 1',
      '^^^^^^^^^^',
    ],
  ],
  [
    'a profile and a codec',
    `${HEAD}outputs:\n  - profile: a\n    codec: opus\n    to: /o\n`,
    [
      'MANIFEST_BAD_VALUE 5:5 output 1 has both "profile" and "codec" (keep one of them)',
      '    codec: opus',
      '    ^^^^^',
    ],
  ],
  [
    'options beside a profile',
    `${HEAD}outputs:\n  - profile: a\n    options: { bitrate: 96 }\n    to: /o\n`,
    [
      'MANIFEST_USELESS_KEY 5:5 "options" in output 1 stands without "codec" (put it into profile "a", or give the output a "codec" in place of the profile)',
      '    options: { bitrate: 96 }',
      '    ^^^^^^^',
    ],
  ],
  [
    'options that exclude each other',
    `${HEAD}outputs: [{ codec: mp3, options: { bitrate: 192, abr: 192 }, to: /o }]\n`,
    [
      'MANIFEST_BAD_VALUE 3:34 "bitrate" and "abr" exclude each other in options of codec mp3 (bitrate: Constant bitrate in kbit/s, in place of "vbr". abr: Average bitrate in kbit/s, in place of "vbr".)',
      'outputs: [{ codec: mp3, options: { bitrate: 192, abr: 192 }, to: /o }]',
      '                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^',
    ],
  ],
  [
    'a name that is no path part',
    `${HEAD}profiles:\n  a/b: { codec: opus }\n${OUTPUTS}`,
    [
      'MANIFEST_BAD_VALUE 4:3 "a/b" cannot be the name of a profile (a name is made of letters, digits, dots, hyphens and underscores, and begins with a letter or digit)',
      '  a/b: { codec: opus }',
      '  ^^^',
    ],
  ],
  [
    'a newer version',
    `version: 2\nsource: /m\n${OUTPUTS}`,
    [
      'MANIFEST_VERSION 1:10 this flac2all reads manifests of version 1, not of version 2 (a newer flac2all may read it)',
      'version: 2',
      '         ^',
    ],
  ],
  [
    'something else altogether',
    'just text\n',
    [
      'MANIFEST_BAD_VALUE 1:1 the manifest is text "just text", expected a mapping',
      'just text',
      '^^^^^^^^^',
    ],
  ],
];

for (const [name, text, shown] of golden) {
  test(`points at ${name}`, () => {
    assert.deepEqual(complaints(text), [shown.join('\n')]);
  });
}

test('names all that is wrong, in the order of the file', () => {
  const found = complaints(
    `${HEAD}sorces: 1\noutputs:\n  - { codec: opus, to: 3 }\n  - { to: /x }\n`,
  );
  const places = found.map((text) => /^\w+ (\d+:\d+)/.exec(text)?.[1]);
  assert.deepEqual(places, ['3:1', '5:24', '6:5']);
});

test('shows no more than a person would read', () => {
  const keys = Array.from({ length: 500 }, (_, n) => `wrong${n}: 1\n`).join('');
  assert.equal(complaints(`${HEAD}${OUTPUTS}${keys}`).length, 50);
});

test('a value that came by an alias is located where it was written', () => {
  const text = `${HEAD}profiles:\n  a: &a { codec: opus, options: { bitrate: x } }\noutputs: [{ <<: *a, to: /o }]\n`;
  for (const shown of complaints(text)) assert.match(shown, /^MANIFEST_BAD_VALUE 4:44 /);
  assert.equal(complaints(text).length, 2);
});
