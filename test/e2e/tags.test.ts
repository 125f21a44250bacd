import assert from 'node:assert/strict';
import { renameSync, utimesSync } from 'node:fs';
import { dirname } from 'node:path';
import { before, test } from 'node:test';
import type { TestContext } from 'node:test';
import { File } from 'node-taglib-sharp';
import type { ManifestFile } from '#src/manifest/manifest-file.gen.js';
import { audioPacketsOf } from '../support/length.js';
import { Library } from '../support/library.js';
import { makePicture } from '../support/picture.js';
import { assertExit, linesOf } from '../support/rig.js';
import type { Finished } from '../support/rig.js';

const CODECS = ['opus', 'vorbis', 'mp3', 'flac', 'aac'] as const;
/** For what is decided before anything is written. */
const ONE_CODEC = ['opus'] as const;

type Codecs = readonly (typeof CODECS)[number][];
type Profile = Pick<ManifestFile['outputs'][0], 'tags' | 'pictures'>;

let large: Buffer;
let other: Buffer;

before(() => {
  large = makePicture('jpeg', 640, 480);
  other = makePicture('png', 300, 300);
});

const COMMENTS = [
  ['TITLE', 'First'],
  ['ARTIST', 'Å'],
  ['ARTIST', 'B/C; D'],
  ['COMMENT', 'ripped by x'],
  ['REPLAYGAIN_TRACK_GAIN', '-7.30 dB'],
] as const;

/** One output set a codec, all by the same wishes. */
function manifest(library: Library, profile: Profile, codecs: Codecs = CODECS): void {
  const outputs = codecs.map((codec) => ({ codec, to: `./out/${codec}`, ...profile }));
  library.manifest({ outputs: outputs as unknown as ManifestFile['outputs'] });
}

/** A track with a cover of its own, and one without; both converted. */
async function applied(
  context: TestContext,
  profile: Profile,
  codecs: Codecs = CODECS,
): Promise<Library> {
  const library = new Library(context);
  const cover = { mime: 'image/jpeg', data: large };
  library.track('a/own.flac', { comments: COMMENTS, pictures: [cover] });
  library.track('a/bare.flac', { comments: COMMENTS });
  manifest(library, profile, codecs);
  assertExit(await library.apply(), 0);
  return library;
}

function outputsOf(library: Library, name: string): readonly string[] {
  const extensions = { opus: 'opus', vorbis: 'ogg', mp3: 'mp3', flac: 'flac', aac: 'm4a' };
  return CODECS.map((codec) => library.path(`out/${codec}/a/${name}.${extensions[codec]}`));
}

/** `action: reasons` of each row of a plan, without repeats. */
function rowsOf(finished: Pick<Finished, 'lines'>): readonly string[] {
  const changes = linesOf(finished, 'change').map(
    ({ action, output, reasons }) =>
      `${action} ${/(own|bare)\./.exec(output)?.[1] ?? output}: ${reasons.map(({ text }) => text).join(', ')}`,
  );
  return [...new Set(changes)].toSorted();
}

/** What an undisturbed run makes of the same sources. */
async function assertLikeClean(
  context: TestContext,
  library: Library,
  profile: Profile,
): Promise<void> {
  const clean = new Library(context);
  library.copyMusicTo(clean);
  manifest(clean, profile);
  assertExit(await clean.apply(), 0);
  assert.deepEqual(library.outputs(), clean.outputs());
  assertExit(await library.plan(), 0);
}

test('each tag option retags: it is named, no audio changes, the bytes are those of a clean run', async (context) => {
  const library = await applied(context, {});
  const paths = [...outputsOf(library, 'own'), ...outputsOf(library, 'bare')];
  const packets = audioPacketsOf(paths);
  const steps: readonly (readonly [string, Profile])[] = [
    ['tags.keep default -> ["COM*","TITLE"]', { tags: { keep: ['title', 'com*'] } }],
    ['tags.keep ["COM*","TITLE"] -> default', {}],
    ['tags.drop default -> ["COMMENT"]', { tags: { drop: ['Comment'] } }],
    [
      'tags.set.ALBUMARTIST default -> ["{artist}"]',
      { tags: { drop: ['comment'], set: { albumartist: '{artist}' } } },
    ],
    ['tags.replaygain default -> drop', { tags: { replaygain: 'drop' } }],
    ['pictures.maxSize default -> 100', { pictures: { maxSize: 100 } }],
    ['pictures.embed default -> false', { pictures: { embed: false } }],
  ];
  for (const [reason, profile] of steps) {
    manifest(library, profile);
    const run = await library.apply();
    assertExit(run, 0);
    const rows = rowsOf(run);
    assert.ok(rows.length > 0);
    for (const row of rows) {
      assert.match(row, /^retag /);
      assert.ok(row.includes(`tag option changed: ${reason}`), row);
    }
    assert.deepEqual(audioPacketsOf(paths), packets, reason);
  }
  await assertLikeClean(context, library, { pictures: { embed: false } });
});

test('the same wishes in other words change nothing', async (context) => {
  const library = await applied(context, { tags: { keep: ['title', 'ARTIST'] } }, ONE_CODEC);
  const profile: Profile = {
    tags: { keep: ['Artist', 'TITLE', 'title'], replaygain: 'keep' },
    pictures: { format: 'keep', embed: true },
  };
  manifest(library, profile, ONE_CODEC);
  assertExit(await library.plan(), 0);
});

test('a cover that appears, changes and goes retags what has no cover of its own', async (context) => {
  const profile: Profile = { pictures: { fromFolder: ['cover.jpg', 'Folder.png'], maxSize: 200 } };
  const library = await applied(context, profile);
  const bare = outputsOf(library, 'bare');
  const packets = audioPacketsOf(bare);
  const steps: readonly (readonly [() => unknown, boolean])[] = [
    [() => library.plant('in/a/folder.png', other), true],
    [() => library.plant('in/a/COVER.jpg', large), true],
    [() => library.plant('in/a/COVER.jpg', makePicture('jpeg', 320, 200)), true],
    [() => renameSync(library.path('in/a/COVER.jpg'), library.path('in/a/cover.jpg')), true],
    [() => library.remove('in/a/cover.jpg'), true],
    [() => library.remove('in/a/folder.png'), false],
  ];
  for (const [change, hasCover] of steps) {
    change();
    const run = await library.apply();
    assertExit(run, 0);
    assert.deepEqual(rowsOf(run), ['retag bare: tags changed: pictures']);
    assert.equal(linesOf(run, 'task-done').length, CODECS.length);
    for (const path of bare) assert.equal(picturesOf(path).length, hasCover ? 1 : 0, path);
  }
  assert.deepEqual(audioPacketsOf(bare), packets);
  library.plant('in/a/cover.jpg', large);
  assertExit(await library.apply(), 0);
  await assertLikeClean(context, library, profile);
});

test('where no output takes pictures from folders, none of this is seen', async (context) => {
  const library = await applied(context, {}, ONE_CODEC);
  library.plant('in/a/cover.jpg', large);
  assertExit(await library.plan(), 0);
  assert.deepEqual(
    Object.keys(library.outputs()).filter((name) => name.endsWith('.jpg')),
    [],
  );
});

test('outputs of one source with and without folder pictures stand side by side', async (context) => {
  const library = new Library(context);
  library.track('a/bare.flac');
  library.plant('in/a/cover.jpg', large);
  library.manifest({
    outputs: [
      { codec: 'opus', to: './out/plain' },
      { codec: 'opus', to: './out/covered', pictures: { fromFolder: ['cover.jpg'] } },
    ],
  });
  const old = new Date('2020-01-01');
  utimesSync(library.path('in/a/bare.flac'), old, old);
  assertExit(await library.apply(), 0);
  assertExit(await library.plan(), 0);
  assert.equal(picturesOf(library.path('out/covered/a/bare.opus')).length, 1);
  assert.equal(picturesOf(library.path('out/plain/a/bare.opus')).length, 0);
});

test('an album that moves with its cover is moved, not retagged', async (context) => {
  const library = await applied(context, { pictures: { fromFolder: ['cover.jpg'] } }, ONE_CODEC);
  library.plant('in/a/cover.jpg', large);
  assertExit(await library.apply(), 0);
  renameSync(library.path('in/a'), library.path('in/b'));
  const rows = linesOf(await library.plan(), 'change');
  assert.deepEqual([...new Set(rows.map(({ action }) => action))], ['move']);
  assertExit(await library.apply(), 0);
  assertExit(await library.plan(), 0);
});

test('a track that moves to another cover is moved and retagged in one run', async (context) => {
  const profile: Profile = { pictures: { fromFolder: ['cover.jpg'] } };
  const library = await applied(context, profile);
  library.plant('in/b/cover.jpg', large);
  renameSync(library.path('in/a/bare.flac'), library.path('in/b/bare.flac'));
  const run = await library.apply();
  assertExit(run, 0);
  assert.equal(linesOf(run, 'file-moved').length, CODECS.length);
  assert.deepEqual(picturesOf(library.path('out/opus/b/bare.opus')), [large]);
  assert.equal(linesOf(await library.plan(), 'change').length, 0);
  await assertLikeClean(context, library, profile);
});

test('a cover that the format cannot hold is left out and said', async (context) => {
  const library = new Library(context);
  library.track('bare.flac');
  library.plant('in/cover.jpg', Buffer.concat([large, Buffer.alloc(2 ** 24)]));
  const small = { fromFolder: ['cover.jpg'], maxSize: 100 };
  library.manifest({
    outputs: [
      { codec: 'flac', to: './out/large', pictures: { fromFolder: ['cover.jpg'] } },
      { codec: 'flac', to: './out/small', pictures: small },
    ] as unknown as ManifestFile['outputs'],
  });
  const run = await library.apply();
  assertExit(run, 0);
  const warnings = linesOf(run, 'task-done').flatMap((done) => done.warnings);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /cover\.jpg has over 16 MiB and is left out/);
  assert.equal(picturesOf(library.path('out/large/bare.flac')).length, 0);
  assert.equal(picturesOf(library.path('out/small/bare.flac')).length, 1);
});

test('a file that is no picture is left out and said', async (context) => {
  const library = new Library(context);
  library.track('bare.flac');
  library.plant('in/cover.jpg', '<html>404</html>');
  library.manifest({
    outputs: [{ codec: 'opus', to: './out', pictures: { fromFolder: ['cover.jpg'] } }],
  });
  const run = await library.apply();
  assertExit(run, 0);
  const [done] = linesOf(run, 'task-done');
  assert.deepEqual(done?.warnings, [
    `${library.path('in/cover.jpg')} is no picture and is left out`,
  ]);
  assert.equal(dirname(done.output), library.path('out'));
  assertExit(await library.plan(), 0);
});

function picturesOf(path: string): readonly Buffer[] {
  const file = File.createFromPath(path);
  const pictures = file.tag.pictures.map(({ data }) => Buffer.from(data.toByteArray()));
  file.dispose();
  return pictures;
}
