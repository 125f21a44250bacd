import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TagRecipe } from '#src/manifest/manifest.js';
import { complaints, manifestOf } from './manifest-text.js';

function withOutput(text: string): string {
  return `version: 1\nsource: /m\noutputs:\n  - { to: /o, ${text} }\n`;
}

function tagsOf(text: string): TagRecipe | undefined {
  return manifestOf(withOutput(text)).outputs[0]?.profile.recipe.tags;
}

test('what has its default is not in the recipe, so that rows of earlier versions stay good', () => {
  const plain = { id3: '2.4' };
  assert.deepEqual(tagsOf('codec: opus'), plain);
  assert.deepEqual(tagsOf('codec: opus, tags: { replaygain: keep }, pictures: {}'), plain);
  assert.deepEqual(tagsOf('codec: opus, pictures: { format: keep, embed: true }'), plain);
});

test('names are in one order and case, values are lists of texts', () => {
  const tags = tagsOf(
    'codec: opus, tags: { keep: [title, Artist, TITLE], drop: [b*], set: { genre: [Rock, Pop], DATE: 2001 }, replaygain: drop }',
  );
  assert.deepEqual(tags, {
    id3: '2.4',
    keep: ['ARTIST', 'TITLE'],
    drop: ['B*'],
    set: { DATE: ['2001'], GENRE: ['Rock', 'Pop'] },
    replaygain: 'drop',
  });
});

test('pictures keep the order of the folder names', () => {
  const tags = tagsOf(
    'codec: mp3, pictures: { maxSize: 600, format: jpeg, fromFolder: [b.jpg, a.png] }',
  );
  assert.deepEqual(tags?.pictures, {
    maxSize: 600,
    format: 'jpeg',
    fromFolder: ['b.jpg', 'a.png'],
  });
});

const WRONG = [
  ['codec: copy, tags: { drop: [x] }', /"drop" has no effect with codec copy/],
  ['codec: test, pictures: { embed: false }', /"embed" has no effect with codec test/],
  ['codec: opus, tags: { id3: "2.3" }', /"id3" has no effect with codec opus/],
  [
    'codec: opus, pictures: { embed: false, maxSize: 100 }',
    /"maxSize" has no effect.*embed: false/,
  ],
  ['codec: opus, tags: { set: { a: x, A: y } }', /"A" and "a" are one field/],
  ['codec: opus, tags: { set: { a: "{" } }', /stands alone/],
  ['codec: opus, tags: { set: { a: "{}" } }', /names no field/],
  ['codec: opus, tags: { set: { a: "{track}" } }', /write \{tracknumber\}/],
  ['codec: opus, tags: { set: { a=b: x } }', /a=b/],
  ['codec: opus, tags: { set: { a: "" } }', /"a"/],
  ['codec: opus, tags: { keep: ["!x"] }', /item 1 of "keep" in tags/],
  ['codec: opus, pictures: { fromFolder: [../x.jpg] }', /item 1 of "fromFolder" in pictures/],
  ['codec: opus, pictures: { maxSize: 0 }', /"maxSize" in pictures/],
] as const;

for (const [text, message] of WRONG) {
  test(`is refused: ${text}`, () => {
    assert.match(complaints(withOutput(text)).join('\n'), message);
  });
}

test('pictures that are brought down need ffmpeg, others do not', () => {
  const hasProgram = (name: string): boolean => name !== 'ffmpeg';
  const told = (text: string): string => complaints(withOutput(text), hasProgram).join('\n');
  assert.match(
    told('codec: opus, pictures: { maxSize: 100 }'),
    /pictures need the program "ffmpeg"/,
  );
  assert.match(
    told('codec: opus, pictures: { format: jpeg }'),
    /pictures need the program "ffmpeg"/,
  );
  assert.equal(told('codec: opus, pictures: { fromFolder: [a.jpg] }'), '');
});
