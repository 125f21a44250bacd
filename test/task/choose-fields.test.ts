import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { TagRecipe } from '#src/manifest/manifest.js';
import { chooseFields } from '#src/task/choose-fields.js';

const SOURCE = [
  'TITLE=Über',
  'artist=A',
  'ARTIST=B;C',
  'Album Artist=Various',
  'MUSICBRAINZ_ALBUMID=x',
  'AC/DC=slash',
  'REPLAYGAIN_TRACK_GAIN=-7 dB',
  'EMPTY=',
].map((text) => {
  const [name = '', value = ''] = text.split('=', 2);
  return { name, value };
});

function chosen(recipe: Omit<TagRecipe, 'id3'>): readonly string[] {
  return chooseFields(SOURCE, { id3: '2.4', ...recipe }).map(
    ({ name, value }) => `${name}=${value}`,
  );
}

test('without wishes every field stays as it is, in its order', () => {
  assert.deepEqual(chooseFields(SOURCE, { id3: '2.4' }), SOURCE);
});

test('keep takes what it names, in any case and any spelling, with all values', () => {
  assert.deepEqual(chosen({ keep: ['ARTIST', 'TITLE'] }), ['TITLE=Über', 'artist=A', 'ARTIST=B;C']);
  assert.deepEqual(chosen({ keep: ['ALBUMARTIST'] }), ['Album Artist=Various']);
  assert.deepEqual(chosen({ keep: ['MUSICBRAINZ_*'] }), ['MUSICBRAINZ_ALBUMID=x']);
  assert.equal(chosen({ keep: ['*'] }).length, SOURCE.length);
});

test('drop takes away, also from what is kept', () => {
  assert.deepEqual(chosen({ keep: ['*ARTIST'], drop: ['ALBUM*'] }), ['artist=A', 'ARTIST=B;C']);
  assert.deepEqual(chosen({ drop: ['*'] }), []);
  assert.ok(!chosen({ drop: ['AC/DC'] }).includes('AC/DC=slash'));
});

test('replaygain: drop leaves gain and peak out', () => {
  assert.ok(!chosen({ replaygain: 'drop' }).some((text) => text.includes('GAIN')));
});

test('set replaces a field under all spellings of its name', () => {
  assert.deepEqual(chosen({ keep: ['TITLE'], set: { TITLE: ['x'], GENRE: ['Rock', 'Pop'] } }), [
    'GENRE=Rock',
    'GENRE=Pop',
    'TITLE=x',
  ]);
  assert.deepEqual(chosen({ keep: ['ALBUM*'], set: { ALBUMARTIST: ['me'] } }), ['ALBUMARTIST=me']);
});

test('templates take from the source, dropped fields too', () => {
  const set = { COMPOSER: ['{artist}'], TITLE: ['{title} by {artist} {{x}}'] };
  assert.deepEqual(chosen({ keep: ['COMPOSER'], set }), [
    'COMPOSER=A',
    'COMPOSER=B;C',
    'TITLE=Über by A {x}',
  ]);
});

test('a text that asks for what the source has not does not count', () => {
  const set = { TITLE: ['{nothing}'], GENRE: ['{empty} x', 'Pop'] };
  assert.deepEqual(chosen({ keep: ['TITLE', 'GENRE'], set }), ['TITLE=Über', 'GENRE=Pop']);
});

test('keep and drop divide the fields: none is lost, none is there twice', () => {
  const name = fc.string({ minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(fc.array(fc.record({ name, value: fc.string() })), name, (fields, word) => {
      const pattern = word.replaceAll(/[^A-Za-z*]/g, '').toUpperCase() || 'X';
      const kept = chooseFields(fields, { id3: '2.4', keep: [pattern] });
      const left = chooseFields(fields, { id3: '2.4', drop: [pattern] });
      assert.equal(kept.length + left.length, fields.length);
      assert.ok(kept.every((field) => !left.includes(field)));
    }),
  );
});
