import assert from 'node:assert/strict';
import { renameSync, rmSync, utimesSync } from 'node:fs';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { audioPacketsOf } from '../support/length.js';
import { actionsOf, Library, madeIn } from '../support/library.js';
import type { Tree } from '../support/library.js';
import { assertExit, linesOf } from '../support/rig.js';

const CODECS = ['opus', 'vorbis', 'mp3', 'flac', 'aac'] as const;
const EARLIER = new Date('2020-01-01');

type Outputs = Parameters<Library['manifest']>[0]['outputs'];

test('a changed option encodes the outputs of its profile alone', async (context) => {
  const library = await applied(context, [opus({ bitrate: 64 }), mp3]);
  const before = library.outputs();
  library.manifest({ outputs: [opus({ bitrate: 48 }), mp3] });
  const planned = await library.plan();
  assertExit(planned, 2);
  const [change] = linesOf(planned, 'change');
  const [reason] = change?.reasons ?? [];
  assert.equal(reason?.code, 'option-changed');
  assert.deepEqual([reason?.old, reason?.new], ['64', '48']);
  const run = await library.apply();
  assertExit(run, 0);
  assert.deepEqual(madeIn(library, run), ['out/opus/a.opus', 'out/opus/b.opus']);
  assert.deepEqual(changed(before, library.outputs()), ['opus/a.opus', 'opus/b.opus']);
  assertExit(await library.plan(), 0);
});

test('a touched source is looked at and nothing more', async (context) => {
  const library = await applied(context, [opus(), mp3]);
  const before = library.outputs();
  utimesSync(library.path('in/a.flac'), EARLIER, EARLIER);
  const planned = await library.plan();
  assertExit(planned, 0);
  assert.ok((linesOf(planned, 'plan-ready')[0]?.counts.touch ?? 0) >= 2);
  const run = await library.apply();
  assertExit(run, 0);
  assert.deepEqual(linesOf(run, 'task-started'), []);
  assert.deepEqual(library.outputs(), before);
  // While the file is younger than clocks are fine it is looked at again; that is no change.
  const again = await library.plan();
  assert.deepEqual(linesOf(again, 'change'), []);
});

test('a retagged source is retagged: same audio packets, the bytes of a clean run', async (context) => {
  const outputs = CODECS.map((codec) => ({ codec, to: `./out/${codec}` })) as unknown as Outputs;
  const library = await applied(context, outputs);
  const paths = linesOf(await library.run(['explain', '--json', 'in/a.flac']), 'answer').map(
    ({ data }) => String(data['output']),
  );
  assert.equal(paths.length, CODECS.length);
  const packets = audioPacketsOf(paths);
  const before = library.outputs();
  retag(library);
  const run = await library.apply();
  assertExit(run, 0);
  const actions = linesOf(run, 'task-done').map(({ action }) => action);
  assert.deepEqual(actions, Array<string>(CODECS.length).fill('retag'));
  assert.deepEqual(audioPacketsOf(paths), packets);
  assert.equal(changed(before, library.outputs()).length, CODECS.length);
  const clean = new Library(context);
  library.copyMusicTo(clean);
  clean.manifest({ outputs });
  assertExit(await clean.apply(), 0);
  assert.deepEqual(library.outputs(), clean.outputs());
});

test('a renamed source renames its outputs', async (context) => {
  const library = await applied(context, [opus(), mp3]);
  const before = library.outputs();
  renameSync(library.path('in/a.flac'), library.path('in/z.flac'));
  assert.deepEqual(actionsOf(library, await library.plan()), {
    'out/mp3/z.mp3': 'move',
    'out/opus/z.opus': 'move',
  });
  const run = await library.apply();
  assertExit(run, 0);
  assert.deepEqual(linesOf(run, 'task-started'), []);
  assert.equal(linesOf(run, 'file-moved').length, 2);
  const { 'opus/a.opus': a, 'mp3/a.mp3': b, ...kept } = before;
  assert.deepEqual(library.outputs(), { ...kept, 'mp3/z.mp3': b, 'opus/z.opus': a });
  assertExit(await library.plan(), 0);
});

test('a renamed source renames its outputs in two folders of one profile', async (context) => {
  const library = await applied(context, [opus(), { ...opus(), to: './out/stick' }]);
  renameSync(library.path('in/a.flac'), library.path('in/z.flac'));
  const run = await library.apply();
  assertExit(run, 0);
  assert.deepEqual(linesOf(run, 'task-started'), []);
  assert.deepEqual(
    linesOf(run, 'file-moved').map(({ from, output }) => [from, output].map(inLibrary(library))),
    [
      ['out/opus/a.opus', 'out/opus/z.opus'],
      ['out/stick/a.opus', 'out/stick/z.opus'],
    ],
  );
});

test('a renamed and retagged source is moved and tagged anew', async (context) => {
  const library = await applied(context, [opus()]);
  const packets = audioPacketsOf([library.path('out/opus/a.opus')]);
  retag(library);
  renameSync(library.path('in/a.flac'), library.path('in/z.flac'));
  const run = await library.apply();
  assertExit(run, 0);
  assert.deepEqual(
    linesOf(run, 'task-done').map(({ action }) => action),
    ['retag'],
  );
  assert.deepEqual(audioPacketsOf([library.path('out/opus/z.opus')]), packets);
  assertExit(await library.plan(), 0);
});

test('the outputs of a removed source go where prune is on, and only those', async (context) => {
  const library = await applied(context, [opus(), { ...mp3, prune: false }]);
  const { 'opus/a.opus': _, ...kept } = library.outputs();
  library.remove('in/a.flac');
  const run = await library.apply();
  assertExit(run, 0);
  assert.deepEqual(
    linesOf(run, 'file-deleted').map(({ output }) => output),
    [library.path('out/opus/a.opus')],
  );
  assert.deepEqual(library.outputs(), kept);
  assertExit(await library.plan(), 0);
});

test('covers are copied, followed and pruned', async (context) => {
  const library = new Library(context);
  library.track('a/1.flac');
  library.plant('in/a/cover.jpg', 'a picture');
  library.plant('in/a/notes.txt', 'not asked for');
  library.manifest({ outputs: [{ ...opus(), copy: ['**/cover.jpg'] }] });
  assertExit(await library.apply(), 0);
  const first = library.outputs();
  assert.deepEqual(files(first), ['opus/a/1.opus', 'opus/a/cover.jpg']);
  library.plant('in/a/cover.jpg', 'another picture');
  const run = await library.apply();
  assertExit(run, 0);
  assert.deepEqual(changed(first, library.outputs()), ['opus/a/cover.jpg']);
  library.remove('in/a/cover.jpg');
  assertExit(await library.apply(), 0);
  assert.deepEqual(files(library.outputs()), ['opus/a/1.opus']);
});

test('layout and names decide where outputs stand, and a new layout moves them', async (context) => {
  const library = new Library(context);
  const tags = {
    ALBUMARTIST: 'Żółć',
    ALBUM: 'What?',
    TRACKNUMBER: '3',
    TITLE: 'Über: alles/nichts',
  };
  library.track('x/ä: 1.flac', { comments: Object.entries(tags) });
  const template = '{albumartist}/{album}/{track} {title}';
  const layouts = [
    { to: './out/mirror' },
    { to: './out/flat', layout: 'flat' },
    { to: './out/fat', names: 'fat32' as const },
    { to: './out/ascii', names: 'ascii' as const, layout: template },
    { to: './out/tags', layout: template },
  ].map((place) => ({ codec: 'copy' as const, ...place }));
  library.manifest({ outputs: layouts as unknown as Outputs });
  assertExit(await library.apply(), 0);
  assert.deepEqual(files(library.outputs()), [
    'ascii/Zolc/What_/03 Uber_ alles_nichts.flac',
    'fat/x/ä_ 1.flac',
    'flat/ä: 1.flac',
    'mirror/x/ä: 1.flac',
    'tags/Żółć/What?/03 Über: alles_nichts.flac',
  ]);
  const [first, ...others] = layouts;
  const moved = { ...first, layout: '{album}/{title}' };
  library.manifest({ outputs: [moved, ...others] as unknown as Outputs });
  const run = await library.apply();
  assertExit(run, 0);
  assert.deepEqual(linesOf(run, 'task-started'), []);
  assert.ok(files(library.outputs()).includes('mirror/What?/Über: alles_nichts.flac'));
});

test('an output that is gone is made again, with the same bytes', async (context) => {
  const library = await applied(context, [opus(), mp3]);
  const before = library.outputs();
  rmSync(library.path('out/opus/a.opus'));
  const run = await library.apply();
  assertExit(run, 0);
  assert.deepEqual(madeIn(library, run), ['out/opus/a.opus']);
  assert.deepEqual(library.outputs(), before);
});

function opus(options: { readonly bitrate?: number } = {}): Outputs[0] {
  return { codec: 'opus', options, to: './out/opus', prune: true };
}

const mp3: Outputs[0] = { codec: 'mp3', to: './out/mp3', prune: true };

/** Two tracks, converted. */
async function applied(context: TestContext, outputs: Outputs): Promise<Library> {
  const library = new Library(context);
  library.track('a.flac');
  library.track('b.flac');
  library.manifest({ outputs });
  assertExit(await library.apply(), 0);
  return library;
}

/** The same audio under other tags. */
function retag(library: Library): void {
  const comments = [
    ['TITLE', 'another and longer title'],
    ['ARTIST', 'Żółć'],
    ['ARTIST', 'second'],
  ] as const;
  library.track('a.flac', { comments });
}

function inLibrary(library: Library): (path: string) => string {
  return (path) => path.slice(library.root.length + 1);
}

function files(tree: Tree): readonly string[] {
  return Object.keys(tree).filter((name) => tree[name] !== 'folder');
}

function changed(before: Tree, after: Tree): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => before[name] !== after[name]).sort();
}
