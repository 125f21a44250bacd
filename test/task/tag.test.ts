import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as fc from 'fast-check';
import { File } from 'node-taglib-sharp';
import type { Container } from '#src/codecs/codec.js';
import { findCodec } from '#src/codecs/codecs.js';
import { FILE_CHUNK_BYTES } from '#src/lib/file-chunks.js';
import type { CommentField, Picture } from '#src/sources/flac-metadata.js';
import { measureFile } from '#src/task/measure.js';
import { tagContent } from '#src/task/tag-content.js';
import type { TagContent } from '#src/task/tag-content.js';
import { tagFile } from '#src/task/tag.js';
import { run, taskOf } from '../support/task-rig.js';
import { writeTone } from '../support/tone.js';

const FORMATS = [
  ['opus', '2.4'],
  ['vorbis', '2.4'],
  ['mp3', '2.4'],
  ['mp3', '2.3'],
  ['aac', '2.4'],
  ['flac', '2.4'],
] as const;
type Format = (typeof FORMATS)[number];

const JPEG = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex');
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const SHAPE = { width: 1, height: 1, depth: 24, colors: 0 };
const FRONT: Picture = { type: 3, mime: 'image/jpeg', description: '', ...SHAPE, data: JPEG };
const BACK: Picture = { type: 4, mime: 'image/png', description: 'zadní', ...SHAPE, data: PNG };

const FIELDS: readonly CommentField[] = Object.entries({
  TITLE: 'Symphony No. 5: Allegro',
  ALBUM: 'Žluťoučký kůň',
  'album artist': 'Various',
  DATE: '1999-03-04',
  TRACKNUMBER: '3',
  TRACKTOTAL: '12',
  DISCNUMBER: '1/2',
  COMMENT: 'two\nlines',
  LYRICS: 'la la',
  COMPOSER: 'Bach',
  ISRC: 'USABC1234567',
  MUSICBRAINZ_TRACKID: '8f3471b5-7e6a-48da-86a9-c1c07a0f47ae',
  MUSICBRAINZ_ALBUMID: '1b022e01-4da6-387b-8658-8678046e4cef',
  BPM: '120',
  COMPILATION: '1',
  PRODUCER: 'Somebody',
  ENCODER: 'of the source',
}).map(([name, value]) => ({ name, value }));
const ARTISTS = ['Å', 'Beta & Gamma', '日本'].map((value) => ({ name: 'Artist', value }));
const GENRES = ['Rock', 'Pop'].map((value) => ({ name: 'GENRE', value }));

let folder = '';
/** One encoded file a codec. */
const bases = new Map<string, Buffer>();

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flac2all-tag-'));
  const source = join(folder, 'a.flac');
  writeTone(source, { frames: 100_000 });
  for (const codec of new Set(FORMATS.map(([name]) => name))) {
    const part = join(folder, codec);
    const outcome = await run(taskOf(source, { codec, part }));
    assert.equal(outcome.status, 'made', codec);
    bases.set(codec, readFileSync(part));
  }
});

after(() => rmSync(folder, { recursive: true, force: true }));

function containerOf(codec: string): Container {
  const found = findCodec(codec);
  assert.equal(found?.kind, 'encode');
  return found.container;
}

/** Writes the bytes, tags the file with each content in turn; returns its path. */
async function tagged([codec, id3]: Format, ...contents: readonly TagContent[]): Promise<string> {
  const path = join(folder, `x.${findCodec(codec)?.extension ?? ''}`);
  writeFileSync(path, bases.get(codec) ?? '');
  for (const content of contents) {
    const request = { container: containerOf(codec), content, recipe: { id3 } };
    assert.deepEqual(await tagFile(path, request), { ok: true, value: undefined });
  }
  return path;
}

function contentOf(codec: string, pictures: readonly Picture[] = []): TagContent {
  const comments = [...FIELDS, ...ARTISTS, ...GENRES];
  const streamInfo = { sampleRate: 44_100, channels: 2, bits: 16, samples: 1, md5: '' };
  const source = { streamInfo, comments, pictures, cueSheet: undefined, id3v2Bytes: 0 };
  return tagContent(source, containerOf(codec));
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ minLength: 300, maxLength: 900 }),
);
const field = fc.record({
  name: fc.constantFrom(
    'TITLE',
    'artist',
    'GENRE',
    'TRACKNUMBER',
    'FOO',
    'BPM',
    'PERFORMER',
    'LYRICS',
  ),
  value: text,
});
const content: fc.Arbitrary<TagContent> = fc.record({
  fields: fc.array(field, { maxLength: 20 }),
  pictures: fc.array(
    fc.record({
      type: fc.integer({ min: 0, max: 20 }),
      mime: fc.constantFrom('image/jpeg', 'image/avif', ''),
      description: text,
      width: fc.nat(),
      height: fc.nat(),
      depth: fc.nat(),
      colors: fc.nat(),
      data: fc.oneof(
        fc.uint8Array({ maxLength: 100 }),
        fc.nat(200_000).map((size) => Buffer.concat([JPEG, Buffer.alloc(size, 0xff)])),
      ),
    }),
    { maxLength: 3 },
  ),
  cueSheet: fc.constant(undefined),
});

for (const format of FORMATS) {
  describe(format.join(' '), () => {
    it('keeps every field, value and picture, as an independent reader sees them', async () => {
      const path = await tagged(format, contentOf(format[0], [FRONT, BACK]));
      const file = File.createFromPath(path);
      const { tag } = file;
      assert.equal(tag.title, 'Symphony No. 5: Allegro');
      assert.equal(tag.album, 'Žluťoučký kůň');
      assert.deepEqual(tag.performers, ['Å', 'Beta & Gamma', '日本']);
      assert.deepEqual(tag.genres, ['Rock', 'Pop']);
      assert.deepEqual(tag.composers, ['Bach']);
      assert.deepEqual([tag.track, tag.trackCount], [3, 12]);
      assert.equal(tag.disc, 1);
      assert.equal(tag.year, 1999);
      assert.equal(tag.comment, 'two\nlines');
      assert.equal(tag.lyrics, 'la la');
      assert.equal(tag.isrc, 'USABC1234567');
      assert.equal(tag.beatsPerMinute, 120);
      assert.equal(tag.isCompilation, true);
      assert.equal(tag.musicBrainzTrackId, '8f3471b5-7e6a-48da-86a9-c1c07a0f47ae');
      assert.equal(tag.musicBrainzReleaseId, '1b022e01-4da6-387b-8658-8678046e4cef');
      const data = tag.pictures.map((picture) => Buffer.from(picture.data.toByteArray()));
      assert.deepEqual(data, [JPEG, PNG]);
      if (format[0] !== 'aac') {
        assert.deepEqual(
          tag.pictures.map((picture) => [picture.type, picture.description]),
          [
            [3, ''],
            [4, 'zadní'],
          ],
        );
      }
      file.dispose();
    });

    it('leaves all audio there: the same length before and after', async () => {
      const container = containerOf(format[0]);
      const plain = await measureFile(await tagged(format), container);
      const big = { ...FRONT, data: Buffer.concat([JPEG, Buffer.alloc(3_000_000, 0x4f)]) };
      const full = await measureFile(await tagged(format, contentOf(format[0], [big])), container);
      assert.ok(plain.ok);
      assert.deepEqual(full, plain);
    });

    it('gives all memory back that it passes the file through', async (context) => {
      await tagged(format, contentOf(format[0], [FRONT]));
      const { mock } = context.mock.method(Buffer, 'allocUnsafeSlow');
      await tagged(format, contentOf(format[0], [BACK]), contentOf(format[0]));
      const taken = mock.calls.filter(({ arguments: [bytes] }) => bytes === FILE_CHUNK_BYTES);
      assert.equal(taken.length, 0);
    });

    it('has nothing left of a picture of several megabytes that goes', async () => {
      const big = { ...FRONT, data: Buffer.concat([JPEG, Buffer.alloc(3_000_000, 0x4f)]) };
      const [without, withBig] = [contentOf(format[0], []), contentOf(format[0], [big])];
      const twice = readFileSync(await tagged(format, withBig, without));
      assert.ok(twice.equals(readFileSync(await tagged(format, without))));
    });

    it('tagging with A and then B has the bytes of tagging with B', async () => {
      await fc.assert(
        fc.asyncProperty(content, content, async (a, b) => {
          const twice = readFileSync(await tagged(format, a, b));
          const once = readFileSync(await tagged(format, b));
          assert.ok(twice.equals(once));
        }),
        { numRuns: 40 },
      );
    });
  });
}

describe('Opus', () => {
  it('gets R128 gain for ReplayGain, and no other', () => {
    const comments = [
      { name: 'replaygain_track_gain', value: '-7.30 dB' },
      { name: 'REPLAYGAIN_ALBUM_GAIN', value: '-inf dB' },
      { name: 'REPLAYGAIN_TRACK_PEAK', value: '0.9' },
      { name: 'TITLE', value: 'x' },
    ];
    const streamInfo = { sampleRate: 44_100, channels: 2, bits: 16, samples: 1, md5: '' };
    const source = { streamInfo, comments, pictures: [], cueSheet: undefined, id3v2Bytes: 0 };
    assert.deepEqual(tagContent(source, 'ogg-opus').fields, [
      { name: 'R128_TRACK_GAIN', value: '-3149' },
      { name: 'TITLE', value: 'x' },
    ]);
    const [gain, , peak, title] = comments;
    assert.deepEqual(tagContent(source, 'ogg-vorbis').fields, [gain, peak, title]);
  });
});

describe('content that a container cannot hold', () => {
  it('is an error, not a loss', async () => {
    const huge = { ...FRONT, data: Buffer.alloc(17_000_000) };
    const path = await tagged(['flac', '2.4']);
    const request = {
      container: 'flac',
      content: contentOf('flac', [huge]),
      recipe: { id3: '2.4' },
    } as const;
    const result = await tagFile(path, request);
    assert.ok(!result.ok);
    assert.match(result.error, /16 MiB/);
  });

  it('is a warning where only a picture is lost', async () => {
    const source = join(folder, 'avif.flac');
    const avif = join(folder, 'a.avif');
    writeFileSync(avif, '\0\0\0\x1cftypavif');
    writeTone(source, { frames: 5000, args: [`--picture=3|image/avif||1x1x24|${avif}`] });
    const outcome = await run(taskOf(source, { codec: 'aac', part: join(folder, 'avif.m4a') }));
    assert.ok(outcome.status === 'made');
    assert.match(outcome.warnings.join(), /image\/avif is left out/);
  });
});

describe('a retag', () => {
  for (const [codec] of FORMATS) {
    it(`${codec}: has the bytes of encoding anew, and encodes nothing`, async (context) => {
      const source = join(folder, `retag-${codec}.flac`);
      writeTone(source, { frames: 50_000, args: ['--tag=TITLE=old', '--tag=FOO=gone'] });
      const old = join(folder, `old-${codec}-${process.hrtime.bigint()}`);
      const first = await run(taskOf(source, { codec, part: old }));
      assert.ok(first.status === 'made');
      writeTone(source, { frames: 50_000, args: ['--tag=TITLE=new', '--tag=ARTIST=b'] });
      const fresh = await run(taskOf(source, { codec, part: `${old}.fresh` }));
      const { sha256 } = first.part;
      const { audioId } = first.source;
      const task = taskOf(source, { codec, part: `${old}.part` });
      const reuse = { path: old as typeof task.part, sha256, audioId, encoder: 'kept 1.0' };
      const path = process.env['PATH'];
      context.after(() => (process.env['PATH'] = path));
      process.env['PATH'] = '';
      const retagged = await run({ ...task, reuse });
      assert.ok(fresh.status === 'made' && retagged.status === 'made', JSON.stringify(retagged));
      assert.equal(retagged.part.sha256, fresh.part.sha256);
      assert.equal(retagged.encoder, 'kept 1.0');
      process.env['PATH'] = path;
      const wrong = { ...reuse, sha256: '0'.repeat(64) as typeof sha256 };
      const anew = await run({ ...task, part: `${task.part}2` as typeof task.part, reuse: wrong });
      assert.ok(anew.status === 'made');
      assert.equal(anew.part.sha256, fresh.part.sha256);
      assert.notEqual(anew.encoder, 'kept 1.0');
    });
  }
});
