import assert from 'node:assert/strict';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { initialManifest } from '#src/manifest/init.js';
import type { InitFacts } from '#src/manifest/init.js';
import { parseText } from '#src/manifest/parse.js';
import { resolveManifest } from '#src/manifest/resolve.js';
import { validateManifest } from '#src/manifest/validate.js';
import type { Manifest } from '#src/manifest/manifest.js';
import type { AbsolutePath } from '#src/lib/brand.js';
import { show } from './manifest-text.js';

const facts: InitFacts = {
  directory: '/srv/music',
  source: '/srv/music',
  trackCount: 12,
  codecs: ['opus', 'mp3'],
  coverNames: ['cover.jpg'],
};

function manifestFor(given: InitFacts, change = (text: string): string => text): Manifest {
  const text = change(initialManifest(given));
  const file = join(given.directory, 'flac2all.yaml') as AbsolutePath;
  const document = parseText({ file, text });
  const valid = document.ok ? validateManifest(document.value) : document;
  const result = valid.ok ? resolveManifest(valid.value, { file, home: '/home/ann' }) : valid;
  if (result.ok) return result.value;
  throw new Error(`${result.error.map((failure) => show(failure)).join('\n')}\n${text}`);
}

test('FLAC files right here: the output goes beside the folder', () => {
  const { sources, outputs } = manifestFor(facts);
  assert.equal(sources[0]?.root, '/srv/music');
  assert.equal(outputs[0]?.root, '/srv/music-opus');
  assert.deepEqual(outputs[0]?.copy, ['**/cover.jpg']);
});

test('FLAC files in a folder below or far away', () => {
  const below = initialManifest({ ...facts, source: '/srv/music/Lossless' });
  assert.match(below, /^source: "\.\/Lossless"$/m);
  assert.match(below, /^ {4}to: "\.\/Lossless-\{profile\}"$/m);
  const far = initialManifest({ ...facts, source: '/mnt/nas/Lossless' });
  assert.match(far, /^source: "\/mnt\/nas\/Lossless"$/m);
  assert.match(far, /^ {4}to: "\/mnt\/nas\/Lossless-\{profile\}"$/m);
});

test('begins with the first codec that is here', () => {
  assert.equal(manifestFor({ ...facts, codecs: ['flac', 'mp3'] }).outputs[0]?.profile.codec, 'mp3');
  assert.equal(manifestFor({ ...facts, codecs: [] }).outputs[0]?.profile.codec, 'opus');
});

test('says which program a codec would need', () => {
  const text = initialManifest({ ...facts, codecs: ['mp3'] });
  assert.match(text, /^ {2}# opus: .*# needs opusenc: install opus-tools$/m);
  assert.match(text, /^ {2}mp3: \{ codec: mp3, options: \{ vbr: 2 \} \}$/m);
});

test('tells how many files it found', () => {
  assert.match(initialManifest(facts), /12 FLAC files found here/);
  assert.match(initialManifest({ ...facts, trackCount: 1 }), /1 FLAC file found here/);
  assert.match(initialManifest({ ...facts, trackCount: 0 }), /No FLAC files found here yet/);
});

test('what is commented out is right when the "#" is taken away', () => {
  const uncommented = manifestFor({ ...facts, coverNames: [] }, (text) =>
    text.replaceAll(/^( {2,})# /gm, '$1').replaceAll(/^# ?(?=policy| {2}(?:max|onD))/gm, ''),
  );
  const [output] = uncommented.outputs;
  assert.deepEqual([output?.prune, output?.names, output?.copy], [true, 'fat32', ['**/cover.jpg']]);
});

test('a schema is named for editors', () => {
  const [first] = initialManifest({ ...facts, schema: './manifest.schema.json' }).split('\n');
  assert.equal(first, '# yaml-language-server: $schema=./manifest.schema.json');
});

test('is valid for any folder, and the output is a neighbour of the source', () => {
  const odd = fc.constantFrom(
    '~a',
    '$HOME',
    'a: b',
    '{x}',
    'C:',
    "it's",
    '"',
    '#1',
    'ü',
    '-',
    '2024',
    '..x',
  );
  const part = fc.oneof(odd, fc.stringMatching(/^[^/\0\s.][^/\0]{0,8}$/u));
  const parts = fc.array(part, { minLength: 1, maxLength: 3 });
  const cover = fc.stringMatching(/^[^/\0]{1,6}\.jpg$/u);
  fc.assert(
    fc.property(fc.tuple(parts, parts, fc.nat(2), cover), ([home, other, where, coverName]) => {
      const directory = `/${home.join('/')}`;
      const source =
        [directory, `/${other.join('/')}`, `${directory}/${other.join('/')}`][where] ?? '';
      const manifest = manifestFor({ ...facts, directory, source, coverNames: [coverName] });
      assert.equal(manifest.sources[0]?.root, source);
      assert.equal(basename(manifest.outputs[0]?.root ?? ''), `${basename(source)}-opus`);
    }),
  );
});
