import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { outputPath, sidecarPath } from '#src/plan/output-path.js';
import { outputSet, source } from '../support/plan-case.js';

const copySet = outputSet({
  profile: { ...outputSet().profile, name: 'masters', codec: 'copy', extension: undefined },
});

function withTags(
  rel: string,
  fields: Readonly<Record<string, string>>,
): ReturnType<typeof source> {
  return source(rel, { fields: new Map(Object.entries(fields)) });
}

suite('layouts', () => {
  test('mirror keeps the folders and changes the extension', () => {
    assert.equal(outputPath(outputSet(), source('A/B c/01 x.y.FLAC')), '/out/A/B c/01 x.y.opus');
  });

  test('a copy keeps the extension of its source', () => {
    assert.equal(outputPath(copySet, source('A/01.FLAC')), '/out/A/01.FLAC');
  });

  test('flat keeps the name only', () => {
    assert.equal(outputPath(outputSet({ layout: 'flat' }), source('A/B/x.flac')), '/out/x.opus');
  });

  test('a template is filled from tags, with fallbacks', () => {
    const set = outputSet({ layout: '{albumartist}/{year} {album}/{disc}-{track} {title}' });
    const tagged = withTags('x.flac', {
      ARTIST: 'Ada',
      ALBUM: 'AC/DC: live',
      DATE: '2020-02-03',
      TRACKNUMBER: '3/12',
      TITLE: 'One',
    });
    assert.equal(outputPath(set, tagged), '/out/Ada/2020 AC_DC: live/1-03 One.opus');
    assert.equal(
      outputPath(set, withTags('in/own name.flac', {})),
      '/out/Unknown Artist/0000 Unknown Album/1-00 own name.opus',
    );
  });

  test('tags cannot climb out of the root or make empty parts', () => {
    const set = outputSet({ layout: '{artist}/{album}/{title}' });
    const hostile = withTags('x.flac', { ARTIST: '..', ALBUM: '/', TITLE: '../../etc/passwd' });
    assert.equal(outputPath(set, hostile), '/out/_./_/_._.._etc_passwd.opus');
  });
});

suite('names', () => {
  test('fat32 replaces what FAT32 refuses', () => {
    const set = outputSet({ names: 'fat32' });
    assert.equal(
      outputPath(set, source('AC:DC?/what... /a"b|c*.flac')),
      '/out/AC_DC_/what____/a_b_c_.opus',
    );
    assert.equal(outputPath(set, source('nul/CON.flac')), '/out/_nul/_CON.opus');
    assert.equal(outputPath(set, source('cafe\u0301.flac')), '/out/caf\u00E9.opus');
  });

  test('ascii writes letters without marks and the rest as _', () => {
    const set = outputSet({ names: 'ascii' });
    assert.equal(
      outputPath(set, source('Żółć & Søn/Brücke №1 – 東.flac')),
      '/out/Zolc & Son/Brucke No1 - _.opus',
    );
  });

  test('letters that ASCII writes with a slash make no folder', () => {
    assert.equal(
      outputPath(outputSet({ names: 'ascii' }), source('℅ Ada.flac')),
      '/out/c_o Ada.opus',
    );
  });

  test('names that grow beyond 255 bytes are cut with a suffix that depends on the source alone', () => {
    const set = outputSet({ layout: '{title}', names: 'keep' });
    const long = withTags('x.flac', { TITLE: 'é'.repeat(200) });
    const name = outputPath(set, long).slice('/out/'.length);
    assert.ok(Buffer.byteLength(name) <= 255);
    assert.match(name, /^é+~[0-9a-f]{8}\.opus$/);
    assert.equal(outputPath(set, long), outputPath(set, long));
    assert.notEqual(outputPath(set, long), outputPath(set, { ...long, rel: 'y.flac' }));
  });

  test('tracks whose folder has a long name stay together, whatever dots are in it', () => {
    const set = outputSet({ layout: '{artist}/{title}' });
    const artist = `Mr. ${'long name '.repeat(60)}`;
    const one = outputPath(set, withTags('in/1.flac', { ARTIST: artist, TITLE: 'one' }));
    const two = outputPath(set, withTags('in/2.flac', { ARTIST: artist, TITLE: 'two' }));
    assert.equal(posix.dirname(one), posix.dirname(two));
    assert.equal(Buffer.byteLength(posix.basename(posix.dirname(one))) <= 255, true);
    const other = outputPath(set, withTags('in/3.flac', { ARTIST: `${artist}!`, TITLE: 'one' }));
    assert.notEqual(posix.dirname(one), posix.dirname(other));
  });

  test('a long title with a dot in it is cut, and keeps its extension', () => {
    const set = outputSet({ layout: '{title}' });
    const title = `No. ${'5 '.repeat(200)}`;
    const name = posix.basename(outputPath(set, withTags('x.flac', { TITLE: title })));
    assert.equal(Buffer.byteLength(name) <= 255, true);
    assert.match(name, /^No\. 5 .*~[0-9a-f]{8}\.opus$/);
    const copied = posix.basename(
      sidecarPath(outputSet({ names: 'ascii' }), `x.${'™'.repeat(84)}`, ''),
    );
    assert.equal(Buffer.byteLength(copied) <= 255, true);
  });

  test('values of tags make no folders, line breaks or empty names', () => {
    const set = outputSet({ layout: '{album}/{disc}{track} {title}', names: 'fat32' });
    const odd = { ALBUM: ' ... ', DISCNUMBER: '2/3', TRACKNUMBER: 'A1', TITLE: 'a\r\nb/c\u0007. ' };
    assert.equal(outputPath(set, withTags('x.flac', odd)), '/out/___/2A1 a__b_c_..opus');
    const numbers = { ALBUM: 'aux', DISCNUMBER: '01', TRACKNUMBER: '7', TITLE: '' };
    assert.equal(outputPath(set, withTags('x/own.flac', numbers)), '/out/_aux/107 own.opus');
    const hundred = { ALBUM: '', TRACKNUMBER: '007/120', TITLE: 't' };
    assert.equal(outputPath(set, withTags('x.flac', hundred)), '/out/Unknown Album/107 t.opus');
  });

  test('names that differ only in Unicode form are one after NFC', () => {
    const set = outputSet({ names: 'fat32' });
    assert.equal(outputPath(set, source('e\u0301.flac')), outputPath(set, source('\u00e9.flac')));
  });

  test('whatever the names are, every part fits, is safe and stays inside the root', () => {
    const part = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 300 })
      .filter((text) => !/[/\0]/.test(text) && text !== '.' && text !== '..');
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('fat32', 'ascii'),
        (parts, names) => {
          const made = outputPath(outputSet({ names }), source(`${parts.join('/')}.flac`));
          const rel = made.slice('/out/'.length).split('/');
          assert.equal(rel.length, parts.length);
          for (const one of rel) {
            assert.ok(
              one !== '' && one !== '.' && one !== '..' && Buffer.byteLength(one) <= 255,
              one,
            );
            assert.doesNotMatch(one, /[<>:"\\|?*\p{Cc}]|[. ]$/u);
          }
        },
      ),
    );
  });
});

test('a sidecar keeps its name and goes where the tracks of its folder went', () => {
  const set = outputSet({ layout: '{artist}/{title}' });
  assert.equal(sidecarPath(set, 'in/cover.jpg', 'Ada'), '/out/Ada/cover.jpg');
  assert.equal(sidecarPath(set, 'in/cover.jpg', undefined), '/out/in/cover.jpg');
});
