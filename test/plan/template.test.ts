import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { renderTemplate } from '#src/plan/template.js';

const fill = (template: string, fields: Readonly<Record<string, string>>): string =>
  renderTemplate(template, new Map(Object.entries(fields)), 'own name');

test('numbers are brought to one form, others stay', () => {
  assert.equal(fill('{track}', { TRACKNUMBER: '3/12' }), '03');
  assert.equal(fill('{track}', { TRACKNUMBER: 'A1' }), 'A1');
  assert.equal(fill('{disc}', { DISCNUMBER: '02' }), '2');
  assert.equal(fill('{year}', { DATE: '1959-08-17' }), '1959');
  assert.equal(fill('{date}', { DATE: '1959-08-17' }), '1959-08-17');
});

test('the first field that says something counts', () => {
  assert.equal(fill('{albumartist}', { ALBUMARTIST: ' ', ARTIST: 'Miles' }), 'Miles');
  assert.equal(fill('{title}', {}), 'own name');
  assert.equal(fill('{album}', {}), 'Unknown Album');
});

test('numbers of any length, line breaks, Unicode forms and dots in front', () => {
  assert.equal(fill('{disc}-{track}', { DISCNUMBER: '00/2', TRACKNUMBER: '120/200' }), '0-120');
  const huge = '9'.repeat(40);
  assert.equal(fill('{track}', { TRACKNUMBER: huge }), huge);
  assert.equal(fill('{title}', { TITLE: 'a\r\nb\u0085' }), 'a__b_');
  assert.equal(fill('{artist}/{title}', { ARTIST: 'Bjo\u0308rk', TITLE: 'x' }), 'Bj\u00f6rk/x');
  assert.equal(
    fill('{album}/{track} {title}', { ALBUM: '...And', TITLE: '...x' }),
    '_..And/00 ...x',
  );
  assert.equal(fill('.hidden/{title}', { TITLE: 'x' }), '.hidden/x', 'as the manifest says');
});

test('no value adds a folder, ends one, or leads out of the root', () => {
  assert.equal(fill('{artist}/{title}', { ARTIST: 'AC/DC', TITLE: '..' }), 'AC_DC/_.');
  const fields = ['ARTIST', 'ALBUM', 'TITLE', 'TRACKNUMBER'];
  const value = fc.string({ unit: fc.constantFrom('.', '/', ' ', '\0', 'a', '7') });
  fc.assert(
    fc.property(fc.array(value, { minLength: 4, maxLength: 4 }), (values) => {
      const named = Object.fromEntries(fields.map((name, at) => [name, values[at] ?? '']));
      const parts = fill('{artist}/{album}/{track} {title}', named).split('/');
      assert.equal(parts.length, 3);
      for (const part of parts) assert.ok(!['', '.', '..'].includes(part) && !part.includes('\0'));
    }),
  );
});
