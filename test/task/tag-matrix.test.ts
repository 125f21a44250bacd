import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { File } from 'node-taglib-sharp';
import { findCodec } from '#src/codecs/codecs.js';
import type { Container } from '#src/codecs/codec.js';
import { readFlacMetadata } from '#src/sources/flac-header.js';
import type { CommentField, FlacMetadata, Picture } from '#src/sources/flac-metadata.js';
import { tagContent } from '#src/task/tag-content.js';
import { tagFile } from '#src/task/tag.js';
import { corpus, corpusMissing } from '../support/corpus.js';
import { readTagLines } from '../support/tag-reader.js';
import { run, taskOf } from '../support/task-rig.js';
import { writeTone } from '../support/tone.js';

const FORMATS = [
  ['opus', '2.4'],
  ['vorbis', '2.4'],
  ['flac', '2.4'],
  ['mp3', '2.4'],
  ['mp3', '2.3'],
  ['aac', '2.4'],
] as const;
type Format = (typeof FORMATS)[number];

/** Field, and what it is in ID3 and MP4 by Picard's "Tag mapping"; in FLAC and Ogg it keeps its name. */
const PICARD: readonly (readonly [field: string, id3: string, mp4: string])[] = [
  ['ACOUSTID_ID', 'TXXX:Acoustid Id', '----:Acoustid Id'],
  ['ALBUM', 'TALB', '©alb'],
  ['ALBUMARTIST', 'TPE2', 'aART'],
  ['ALBUMARTISTSORT', 'TSO2', 'soaa'],
  ['ALBUMSORT', 'TSOA', 'soal'],
  ['ARTIST', 'TPE1', '©ART'],
  ['ARTISTS', 'TXXX:ARTISTS', '----:ARTISTS'],
  ['ARTISTSORT', 'TSOP', 'soar'],
  ['ASIN', 'TXXX:ASIN', '----:ASIN'],
  ['BARCODE', 'TXXX:BARCODE', '----:BARCODE'],
  ['CATALOGNUMBER', 'TXXX:CATALOGNUMBER', '----:CATALOGNUMBER'],
  ['COMMENT', 'COMM', '©cmt'],
  ['COMPOSER', 'TCOM', '©wrt'],
  ['COMPOSERSORT', 'TSOC', 'soco'],
  ['CONDUCTOR', 'TPE3', '----:CONDUCTOR'],
  ['COPYRIGHT', 'TCOP', 'cprt'],
  ['DIRECTOR', 'TXXX:DIRECTOR', '©dir'],
  ['ENCODEDBY', 'TENC', '©too'],
  ['GENRE', 'TCON', '©gen'],
  ['GROUPING', 'TIT1', '©grp'],
  ['ISRC', 'TSRC', '----:ISRC'],
  ['KEY', 'TKEY', '----:initialkey'],
  ['LABEL', 'TPUB', '----:LABEL'],
  ['LANGUAGE', 'TLAN', '----:LANGUAGE'],
  ['LYRICIST', 'TEXT', '----:LYRICIST'],
  ['LYRICS', 'USLT', '©lyr'],
  ['MEDIA', 'TMED', '----:MEDIA'],
  ['MOVEMENTNAME', 'MVNM', '©mvn'],
  [
    'MUSICBRAINZ_ALBUMARTISTID',
    'TXXX:MusicBrainz Album Artist Id',
    '----:MusicBrainz Album Artist Id',
  ],
  ['MUSICBRAINZ_ALBUMID', 'TXXX:MusicBrainz Album Id', '----:MusicBrainz Album Id'],
  ['MUSICBRAINZ_ARTISTID', 'TXXX:MusicBrainz Artist Id', '----:MusicBrainz Artist Id'],
  ['MUSICBRAINZ_DISCID', 'TXXX:MusicBrainz Disc Id', '----:MusicBrainz Disc Id'],
  [
    'MUSICBRAINZ_RELEASEGROUPID',
    'TXXX:MusicBrainz Release Group Id',
    '----:MusicBrainz Release Group Id',
  ],
  [
    'MUSICBRAINZ_RELEASETRACKID',
    'TXXX:MusicBrainz Release Track Id',
    '----:MusicBrainz Release Track Id',
  ],
  ['MUSICBRAINZ_TRACKID', 'UFID:http://musicbrainz.org', '----:MusicBrainz Track Id'],
  ['MUSICBRAINZ_WORKID', 'TXXX:MusicBrainz Work Id', '----:MusicBrainz Work Id'],
  ['ORIGINALALBUM', 'TOAL', '----:ORIGINALALBUM'],
  ['ORIGINALARTIST', 'TOPE', '----:ORIGINALARTIST'],
  ['ORIGINALFILENAME', 'TOFN', '----:ORIGINALFILENAME'],
  [
    'RELEASECOUNTRY',
    'TXXX:MusicBrainz Album Release Country',
    '----:MusicBrainz Album Release Country',
  ],
  ['RELEASESTATUS', 'TXXX:MusicBrainz Album Status', '----:MusicBrainz Album Status'],
  ['RELEASETYPE', 'TXXX:MusicBrainz Album Type', '----:MusicBrainz Album Type'],
  ['REMIXER', 'TPE4', '----:REMIXER'],
  ['SCRIPT', 'TXXX:SCRIPT', '----:SCRIPT'],
  ['SUBTITLE', 'TIT3', '----:SUBTITLE'],
  ['TITLE', 'TIT2', '©nam'],
  ['TITLESORT', 'TSOT', 'sonm'],
  ['WORK', 'TXXX:WORK', '©wrk'],
  ['MY OWN; FIELD', 'TXXX:MY OWN; FIELD', '----:MY OWN; FIELD'],
];
/** The same with the value that it has, where not any text will do. */
const SPECIAL: readonly (readonly [field: string, id3: string, mp4: string])[] = [
  ['BPM=120', 'TBPM=120', 'tmpo=120'],
  ['COMPILATION=1', 'TCMP=1', 'cpil=1'],
  ['DATE=1999-03-04', 'TDRC=1999-03-04', '©day=1999-03-04'],
  ['TRACKNUMBER=3', 'TRCK=3/12', 'trkn=3/12'],
  ['DISCNUMBER=1/2', 'TPOS=1/2', 'disk=1/2'],
  ['MOVEMENT=2', 'MVIN=2/4', '©mvi=2'],
  [
    'WEBSITE=https://example.org/x?y=z',
    'WOAR=https://example.org/x?y=z',
    '----:WEBSITE=https://example.org/x?y=z',
  ],
  ['LICENSE=all mine', 'TXXX:LICENSE=all mine', '----:LICENSE=all mine'],
  [
    'REPLAYGAIN_ALBUM_GAIN=-1.5 dB',
    'TXXX:REPLAYGAIN_ALBUM_GAIN=-1.5 dB',
    '----:REPLAYGAIN_ALBUM_GAIN=-1.5 dB',
  ],
];
const HARD = 'a;b/c=d, {e} 🎻 Žluť\nsecond line';

function fieldOf(text: string): CommentField {
  const at = text.indexOf('=');
  return { name: text.slice(0, at), value: text.slice(at + 1) };
}

function metadata(
  comments: readonly CommentField[],
  pictures: readonly Picture[] = [],
): FlacMetadata {
  const streamInfo = { sampleRate: 44_100, channels: 2, bits: 16, samples: 1, md5: '' };
  return { streamInfo, comments, pictures, cueSheet: undefined, id3v2Bytes: 0 };
}

let folder = '';
const bases = new Map<string, Buffer>();

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flac2all-matrix-'));
  const source = join(folder, 'a.flac');
  writeTone(source, { frames: 20_000 });
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

async function tagged([codec, id3]: Format, source: FlacMetadata): Promise<string> {
  const path = join(folder, `x.${findCodec(codec)?.extension ?? ''}`);
  writeFileSync(path, bases.get(codec) ?? '');
  const container = containerOf(codec);
  const content = tagContent(source, container);
  assert.ok((await tagFile(path, { container, content, recipe: { id3 } })).ok);
  return path;
}

/** Where a format has the field, as `readTagLines` names it. */
function nameIn([codec]: Format, [field, id3, mp4]: (typeof PICARD)[number]): string {
  if (codec === 'mp3') return id3;
  return codec === 'aac' ? mp4 : field;
}

for (const format of FORMATS) {
  describe(format.join(' '), () => {
    it('has every field under the name that Picard gives it, with a hard value whole', async () => {
      const source = metadata(PICARD.map(([name]) => ({ name, value: HARD })));
      const lines = new Set(linesOf(format, await tagged(format, source)));
      const hard = flat(format, HARD);
      const missing = PICARD.map((row) => `${nameIn(format, row)}=${hard}`).filter(
        (line) => !lines.has(line),
      );
      assert.deepEqual(missing, []);
      assert.equal(lines.size, PICARD.length);
    });

    it('has numbers, dates, addresses and gains in the form of the format', async () => {
      const extra = ['TRACKTOTAL=12', 'MOVEMENTTOTAL=4'].map(fieldOf);
      const source = metadata([...SPECIAL.map(([text]) => fieldOf(text)), ...extra]);
      const lines = linesOf(format, await tagged(format, source));
      const expected = SPECIAL.map((row) => nameIn(format, row)).flatMap((line) => {
        if (format[0] === 'opus' && line.startsWith('REPLAYGAIN')) return 'R128_ALBUM_GAIN=-1664';
        if (format[1] === '2.3' && line.startsWith('TDRC')) return ['TYER=1999', 'TDAT=0403'];
        return line;
      });
      // The reader gives dates of 2.3 the names that 2.4 has.
      const named = new Set(lines.map((line) => line.replace(/^TDRC=1999$/, 'TYER=1999')));
      assert.deepEqual(
        expected.filter((line) => !named.has(line)),
        [],
      );
    });

    it('keeps several values apart', async () => {
      const values = ['one', 'two;three', 'four'];
      const names = ['ARTIST', 'GENRE', 'MUSICBRAINZ_ARTISTID', 'MY OWN; FIELD'];
      const source = metadata(names.flatMap((name) => values.map((value) => ({ name, value }))));
      const lines = linesOf(format, await tagged(format, source));
      const expected = PICARD.filter(([field]) => names.includes(field)).flatMap((row) =>
        (format[1] === '2.3' ? [flat(format, values.join('/'))] : values).map(
          (value) => `${nameIn(format, row)}=${value}`,
        ),
      );
      assert.deepEqual([...lines].toSorted(), expected.toSorted());
    });

    it('loses nothing of any file of the corpus', { skip: corpusMissing }, async () => {
      let fields = 0;
      const lost: string[] = [];
      for (const name of Object.keys(corpus?.files ?? {})) {
        const read = await readFlacMetadata(join(corpus?.root ?? '', name));
        if (!read.ok) continue;
        const path = await tagged(format, read.value);
        const { comments, pictures } = read.value;
        fields += comments.length;
        lost.push(...lostFields(format, comments, path).map((text) => `${name}: ${text}`));
        lost.push(...lostPictures(format, pictures, path).map((text) => `${name}: ${text}`));
      }
      assert.ok(fields > 300, String(fields));
      assert.deepEqual(lost, []);
    });
  });
}

/** A text as `linesOf` has it. */
function flat([, id3]: Format, text: string): string {
  return id3 === '2.3' ? text.replaceAll(';', '/') : text;
}

function linesOf([, id3]: Format, path: string): readonly string[] {
  const lines = readTagLines(path);
  return id3 === '2.3' ? joined(lines) : lines;
}

/** The reader takes values of 2.3 apart at slashes, and genres at semicolons, which it should not. */
function joined(lines: readonly string[]): readonly string[] {
  const byName = new Map<string, string[]>();
  for (const { name, value } of lines.map(fieldOf)) {
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [value]);
    else known.push(value);
  }
  return [...byName].map(([name, values]) => `${name}=${values.join('/').replaceAll(';', '/')}`);
}

/** They are true of the source file alone, or Opus has another field for them. */
const NOT_WANTED =
  /^(ENCODER|ENCODER_OPTIONS|ENCODERSETTINGS|WAVEFORMATEXTENSIBLE_CHANNEL_MASK|METADATA_BLOCK_PICTURE|COVERART|COVERARTMIME)$/i;

function lostFields(
  format: Format,
  comments: readonly CommentField[],
  path: string,
): readonly string[] {
  const lines = linesOf(format, path);
  const [, day, month] = /^TDAT=(\d\d)(\d\d)$/m.exec(lines.join('\n')) ?? [];
  const [, year] = /^T(?:DRC|YER)=(\d{4})$/m.exec(lines.join('\n')) ?? [];
  const date = day === undefined ? [] : [`DATE=${year}-${month}-${day}`];
  const texts = [...new Set([...lines, ...date])].map((line) => fieldOf(line).value);
  const fields = new Map(comments.map((field) => [`${field.name}=${field.value}`, field]));
  return [...fields.values()]
    .filter(({ name, value }) => value !== '' && !NOT_WANTED.test(name))
    .filter(({ name }) => !(format[0] === 'opus' && /^REPLAYGAIN_/i.test(name)))
    .filter(({ value }) => !texts.some((text) => text.includes(flat(format, essence(value)))))
    .map(({ name, value }) => `${name}=${value.slice(0, 60)}`);
}

/** Numbers lose their zeros in front, and the player's part stands apart from the name. */
function essence(value: string): string {
  return value
    .replaceAll('\0', '')
    .replace(/^0+(?=\d+(\/\d+)?$)/, '')
    .replace(/^(.*\S)\s*\([^()]*\)$/, '$1');
}

function lostPictures(
  [codec]: Format,
  pictures: readonly Picture[],
  path: string,
): readonly string[] {
  const file = File.createFromPath(path);
  const found = file.tag.pictures.map(({ data }) => Buffer.from(data.toByteArray()));
  file.dispose();
  return pictures
    .filter(({ mime }) => codec !== 'aac' || /jpe?g|png/.test(mime))
    .filter(({ data }) => !found.some((bytes) => bytes.equals(data)))
    .map(({ mime, description }) => `a picture ${mime} ${description}`);
}
