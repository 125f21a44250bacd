import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as fc from 'fast-check';
import { File } from 'node-taglib-sharp';
import { findCodec } from '#src/codecs/codecs.js';
import type { CommentField, Picture } from '#src/sources/flac-metadata.js';
import type { TagContent } from '#src/task/tag-content.js';
import { tagFile, tagWarnings } from '#src/task/tag.js';
import { audioPacketsOf } from '../support/length.js';
import { run, taskOf } from '../support/task-rig.js';
import { writeTone } from '../support/tone.js';

/** One encoder for each kind of file that has tags. */
const ENCODERS = [
  ...['wmav2', 'wavpack', 'tta', 'pcm_s16be', 'pcm_s16le', 'pcm_s24le'],
  ...['mp2', 'libspeex', 'libshine', 'alac', 'libopus', 'libvorbis', 'libmp3lame', 'flac'],
];
const MATROSKA: Recipe = { codec: 'ffmpeg:mp2', extension: 'mka' };

interface Recipe {
  readonly codec: string;
  readonly extension?: string;
}

const data = (bytes: number): Buffer =>
  Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(bytes, 7)]);
const SHAPE = { width: 1, height: 1, depth: 24, colors: 0 };
const FRONT: Picture = {
  type: 3,
  mime: 'image/jpeg',
  description: '',
  ...SHAPE,
  data: data(100_000),
};
const BACK: Picture = {
  type: 4,
  mime: 'image/png',
  description: 'zadní',
  ...SHAPE,
  data: data(300),
};
const FIELDS: readonly CommentField[] = [
  ...Object.entries({
    TITLE: 'Symphony No. 5: Allegro 🎻',
    ALBUM: 'Žluťoučký kůň',
    ALBUMARTIST: 'Various',
    DATE: '1999-03-04',
    TRACKNUMBER: '3',
    TRACKTOTAL: '12',
    ISRC: 'USABC1234567',
    MUSICBRAINZ_ALBUMID: '1b022e01-4da6-387b-8658-8678046e4cef',
    LYRICS: 'la\nla',
    OWNFIELD: 'a=b; c/d',
  }).map(([name, value]) => ({ name, value })),
  ...['Å', 'Beta & Gamma'].map((value) => ({ name: 'ARTIST', value })),
];
const CONTENT: TagContent = { fields: FIELDS, pictures: [FRONT, BACK], cueSheet: undefined };
const EMPTY: TagContent = { fields: [], pictures: [], cueSheet: undefined };

interface Base {
  readonly bytes: Buffer;
  readonly extension: string;
  readonly container: Parameters<typeof tagFile>[1]['container'];
}

let folder = '';
const bases = new Map<string, Base>();

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flac2all-tags-'));
  const source = join(folder, 'a.flac');
  writeTone(source, { frames: 50_000 });
  const recipes: readonly Recipe[] = [
    ...ENCODERS.map((name) => ({ codec: `ffmpeg:${name}` })),
    MATROSKA,
  ];
  for (const recipe of recipes) {
    const part = join(folder, 'part');
    const task = taskOf(source, { codec: recipe.codec, part });
    const audio = { ...task.recipe.audio, ...recipe };
    const outcome = await run({ ...task, recipe: { ...task.recipe, audio } });
    assert.equal(outcome.status, 'made', JSON.stringify(outcome));
    const codec = findCodec(recipe.codec, recipe.extension);
    assert.ok(codec?.kind === 'encode');
    const { container, extension = '' } = codec;
    bases.set(`${recipe.codec} ${extension}`, { bytes: readFileSync(part), extension, container });
    rmSync(part);
  }
});
after(() => rmSync(folder, { recursive: true, force: true }));

async function tagged(base: Base, ...contents: readonly TagContent[]): Promise<string> {
  const path = join(folder, `x.${base.extension}`);
  await writeTagged(path, base, contents);
  return path;
}

/** One file of each kind with the same tags, by the names of their bases. */
async function allTagged(content?: TagContent): Promise<ReadonlyMap<string, string>> {
  const contents = content === undefined ? [] : [content];
  const written = [...bases].map(async ([name, base], at) => {
    const path = join(folder, `all-${at}.${base.extension}`);
    await writeTagged(path, base, contents);
    return [name, path] as const;
  });
  return new Map(await Promise.all(written));
}

async function writeTagged(
  path: string,
  base: Base,
  contents: readonly TagContent[],
): Promise<void> {
  writeFileSync(path, base.bytes);
  for (const content of contents) {
    const request = { container: base.container, content, recipe: { id3: '2.4' as const } };
    assert.deepEqual(await tagFile(path, request), { ok: true, value: undefined });
  }
}

/** The audio of each kind, by the names of their bases. */
function packetsOf(files: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const packets = audioPacketsOf([...files.values()]);
  return Object.fromEntries([...files.keys()].map((name, at) => [name, packets[at] ?? '']));
}

interface Probed {
  readonly format: { readonly tags?: Readonly<Record<string, string>> };
  readonly streams: readonly { readonly tags?: Readonly<Record<string, string>> }[];
}

/** What ffmpeg makes of the tags, with names in upper case. */
function probedTags(path: string): Readonly<Record<string, string>> {
  const args = ['-v', 'error', '-show_format', '-show_streams', '-of', 'json', path];
  const { format, streams } = JSON.parse(
    execFileSync('ffprobe', args, { encoding: 'utf8' }),
  ) as Probed;
  const all = { ...streams[0]?.tags, ...format.tags };
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [name.toUpperCase(), value]),
  );
}

describe('tags of the files that ffmpeg makes', () => {
  it('are read by ffmpeg, and the audio stays what it was', async () => {
    const before = packetsOf(await allTagged());
    const files = await allTagged(CONTENT);
    for (const [name, path] of files) {
      const tags = probedTags(path);
      assert.equal(tags['TITLE'], 'Symphony No. 5: Allegro 🎻', `${name} ${JSON.stringify(tags)}`);
      assert.equal(tags['ALBUM'], 'Žluťoučký kůň', name);
      assert.match(
        tags['ARTIST'] ?? tags['AUTHOR'] ?? '',
        /Å|Gamma/,
        `${name} ${JSON.stringify(tags)}`,
      );
    }
    assert.deepEqual(packetsOf(files), before);
  });

  it('are read by another library, with both artists, track, total and pictures', async () => {
    for (const [name, base] of bases) {
      // It knows no Speex and no .wv, and stumbles over ffmpeg's own Matroska.
      if (['ogg-speex', 'ape', 'matroska'].includes(base.container)) continue;
      const file = File.createFromPath(await tagged(base, CONTENT));
      const { tag } = file;
      assert.equal(tag.title, 'Symphony No. 5: Allegro 🎻', name);
      assert.equal(tag.album, 'Žluťoučký kůň', name);
      assert.deepEqual([tag.track, tag.trackCount], [3, 12], name);
      assert.equal(tag.pictures.length, 2, name);
      assert.equal(tag.pictures[0]?.data.length, FRONT.data.length, name);
      file.dispose();
    }
  });

  it('leave the same bytes, whatever was there before', async () => {
    for (const [name, base] of bases) {
      const fresh = readFileSync(await tagged(base, CONTENT));
      assert.ok(readFileSync(await tagged(base, EMPTY, CONTENT)).equals(fresh), name);
      assert.ok(readFileSync(await tagged(base, CONTENT, CONTENT)).equals(fresh), name);
      const plain = readFileSync(await tagged(base, EMPTY));
      assert.ok(readFileSync(await tagged(base, CONTENT, EMPTY)).equals(plain), `${name} empty`);
    }
  });

  it('may say anything', async () => {
    const field = fc.record({
      name: fc.constantFrom('TITLE', 'ARTIST', 'COMMENT', 'DISCNUMBER', 'X', 'DATE', 'ID3'),
      value: fc.oneof(
        fc.string({ unit: 'grapheme' }),
        fc.string({ minLength: 40_000, maxLength: 70_000 }),
      ),
    });
    const contents = fc.array(field, { maxLength: 8 }).map((fields) => ({ ...EMPTY, fields }));
    const before = packetsOf(await allTagged());
    await fc.assert(
      fc.asyncProperty(contents, async (content) => {
        assert.deepEqual(packetsOf(await allTagged(content)), before);
      }),
      { numRuns: 4 },
    );
  });

  it('are said to be left out where a file has no place for them', () => {
    const request = { content: CONTENT, recipe: { id3: '2.4' as const } };
    assert.match(tagWarnings({ ...request, container: 'bare' })[0] ?? '', /no place for them/);
    assert.deepEqual(tagWarnings({ ...request, content: EMPTY, container: 'bare' }), []);
    const twice = { ...CONTENT, pictures: [FRONT, FRONT] };
    assert.equal(tagWarnings({ ...request, content: twice, container: 'ape' }).length, 1);
    assert.deepEqual(tagWarnings({ ...request, container: 'asf' }), []);
  });

  it('find their place behind more audio than WAV can count', async () => {
    const path = join(folder, 'large.wav');
    const bytes = 5 * 2 ** 30;
    const head = Buffer.alloc(80);
    head.write('RF64', 0, 'latin1');
    head.writeUInt32LE(0xffff_ffff, 4);
    head.write('WAVEds64', 8, 'latin1');
    head.writeUInt32LE(28, 16);
    head.writeBigUInt64LE(BigInt(bytes + 72), 20);
    head.writeBigUInt64LE(BigInt(bytes), 28);
    head.write('fmt ', 48, 'latin1');
    head.writeUInt32LE(16, 52);
    head.write('data', 72, 'latin1');
    head.writeUInt32LE(0xffff_ffff, 76);
    writeFileSync(path, head);
    truncateSync(path, 80 + bytes);
    const request = { container: 'wav', content: CONTENT, recipe: { id3: '2.4' } } as const;
    assert.ok((await tagFile(path, request)).ok);
    const { size } = statSync(path);
    assert.ok((await tagFile(path, request)).ok);
    assert.equal(statSync(path).size, size);
    const file = openSync(path, 'r');
    const [sizes, tag] = [Buffer.alloc(8), Buffer.alloc(4)];
    readSync(file, sizes, 0, 8, 20);
    readSync(file, tag, 0, 4, 80 + bytes);
    closeSync(file);
    assert.equal(sizes.readBigUInt64LE(), BigInt(size - 8));
    assert.equal(tag.toString('latin1'), 'id3 ');
    rmSync(path);
  });
});
