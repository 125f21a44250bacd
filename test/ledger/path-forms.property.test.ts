import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { PathForms } from '#src/ledger/path-forms.js';
import type { Span } from '#src/ledger/path-forms.js';

const folder = fc.constantFrom('', 'Lossy/phone/', 'Lossy/car/', '/elsewhere/ü/', 'Lossless/');
const name = fc.constantFrom(
  '',
  'x',
  '.hidden',
  'a.b',
  'Album/01 - Title',
  'Álbum/01 - Títle',
  'Å lbum/1',
);
const extension = fc.constantFrom('', '.', '.opus', '.mp3', '.flac', '.é');
const path = fc.tuple(folder, name, name, extension).map((parts) => parts.join(''));

/** Its bytes in the middle of others. */
function span(text: string): Span {
  const bytes = Buffer.from(`before${text}behind`);
  return { bytes, from: 6, to: bytes.length - 6 };
}

test('a form gives back the path that it was made of, and says so of no other', () => {
  const forms = new PathForms();
  const seen = new Set<number>();
  fc.assert(
    fc.property(path, path, path, (made, from, other) => {
      const form = forms.of(span(made), span(from));
      if (form < 0) return;
      seen.add(form);
      assert.equal(forms.path(form, span(from)), made);
      for (const one of [made, other, from]) {
        const isAscii = Buffer.byteLength(one) === one.length;
        assert.equal(forms.isPath(form, span(from), span(one)), one === made, one);
        assert.equal(forms.isText(form, span(from), one), one === made && isAscii, one);
      }
      if (form === forms.of(span(made), span(other)))
        assert.equal(forms.path(form, span(other)), made);
    }),
    { numRuns: 3000 },
  );
  assert.ok(seen.size > 10, `${seen.size} forms`);
});

test('the outputs of a set share one form', () => {
  const forms = new PathForms();
  const formOf = (rel: string, set: string) =>
    forms.of(span(`Lossy/${set}/${rel}.opus`), span(`Lossless/${rel}.flac`));
  const first = formOf('Artist/Album/01 - One', 'phone');
  assert.equal(formOf('Someone/Other/02 - Two', 'phone'), first);
  assert.notEqual(formOf('Someone/Other/02 - Two', 'car'), first);
  assert.equal(forms.of(span('Lossy/a.opus'), span('Lossless/b.flac')), -1);
});

test('when there are too many forms, those that are known go on', () => {
  const forms = new PathForms();
  const formOf = (folderName: number) =>
    forms.of(span(`${folderName}/01 - Title.opus`), span('Lossless/01 - Title.flac'));
  const first = formOf(0);
  let at = 0;
  while (formOf(at) >= 0) at += 1;
  assert.ok(at > 1000);
  assert.equal(formOf(0), first);
  assert.equal(forms.path(first, span('Lossless/01 - Title.flac')), '0/01 - Title.opus');
});
