import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { actionsOf, Library, madeIn } from '../support/library.js';
import { assertExit, linesOf } from '../support/rig.js';

const OUTPUT = { codec: 'flac' as const, to: './out', prune: true };

test('lossy files of the source are copied as they are, and pruned with it', async (context) => {
  const library = new Library(context);
  library.track('A/1.flac');
  library.plant('in/A/2.mp3', 'lossy');
  library.plant('in/B?/3.OGG', 'only lossy');
  library.plant('in/A/notes.txt', 'no audio');
  library.manifest({ outputs: [{ ...OUTPUT, passthrough: 'copy', names: 'fat32' }] });
  assertExit(await library.apply(), 0);
  assert.equal(library.read('out/A/2.mp3'), 'lossy');
  assert.equal(library.read('out/B_/3.OGG'), 'only lossy');
  assert.deepEqual(
    Object.keys(library.outputs()).filter((name) => /\.\w+$/.test(name)),
    ['A/1.flac', 'A/2.mp3', 'B_/3.OGG'],
  );
  assertExit(await library.plan(), 0);

  library.plant('in/A/2.mp3', 'lossy, tagged');
  library.remove('in/B?');
  const planned = await library.plan();
  assert.deepEqual(actionsOf(library, planned), {
    'out/A/2.mp3': 'update',
    'out/B_/3.OGG': 'delete',
  });
  assertExit(await library.apply(), 0);
  assert.equal(library.read('out/A/2.mp3'), 'lossy, tagged');
  assertExit(await library.plan(), 0);
});

test('a flat layout takes lossy files into its one folder', async (context) => {
  const library = new Library(context);
  library.track('A/1.flac');
  library.plant('in/B/2.mp3', 'lossy');
  library.manifest({ outputs: [{ ...OUTPUT, passthrough: 'copy', layout: 'flat' }] });
  assertExit(await library.apply(), 0);
  assert.deepEqual(Object.keys(library.outputs()), ['1.flac', '2.mp3']);
});

test('a lossy file in the place of an output is a conflict that names both', async (context) => {
  const library = new Library(context);
  library.track('a.flac');
  library.plant('in/A.MP3', 'lossy');
  library.manifest({ outputs: [{ codec: 'mp3', to: './out', passthrough: 'copy' }] });
  const planned = await library.plan();
  assertExit(planned, 4);
  assert.deepEqual(actionsOf(library, planned), {
    'out/A.MP3': 'conflict',
    'out/a.mp3': 'conflict',
  });
  const [reason] = linesOf(planned, 'change')[0]?.reasons ?? [];
  assert.match(reason?.text ?? '', /in\/A\.MP3|in\/a\.flac/);

  assertExit(await library.run(['validate']), 0);
  const validated = await library.run(['validate', '--names', '--json']);
  assertExit(validated, 4);
  assert.deepEqual(actionsOf(library, validated), actionsOf(library, planned));
  library.remove('in/A.MP3');
  assertExit(await library.run(['validate', '--names']), 0);
});

test('a link shares storage and is never another name of the source, or says that it cannot be', async (context) => {
  const library = new Library(context);
  library.track('1.flac');
  const source = library.plant('in/2.mp3', 'lossy');
  library.manifest({ outputs: [{ ...OUTPUT, passthrough: 'link' }] });
  const applied = await library.apply();
  if (applied.code === 0) {
    assert.notEqual(statSync(library.path('out/2.mp3')).ino, statSync(source).ino);
    assert.equal(library.read('out/2.mp3'), 'lossy');
    return;
  }
  assertExit(applied, 3);
  assert.match(
    linesOf(applied, 'task-failed')[0]?.text ?? '',
    /cannot share the storage of its source here .*passthrough: copy/,
  );
  assert.deepEqual(Object.keys(library.outputs()), ['1.flac']);
});

test('playlists lead to the outputs, and are made again when a name in them is another', async (context) => {
  const library = new Library(context);
  library.track('A/1.flac');
  library.track('A/2.flac', { seed: 5 });
  library.plant('in/A/3.mp3', 'lossy');
  library.plant('in/all.m3u8', '#EXTM3U\r\nA/1.flac\r\na\\3.mp3\r\nA/none.flac\r\n');
  library.plant('in/A/some.m3u', '2.flac\n');
  const output = {
    codec: 'opus' as const,
    to: './out',
    prune: true,
    playlists: true,
    passthrough: 'copy' as const,
  };
  library.manifest({ outputs: [output] });
  const applied = await library.apply();
  assertExit(applied, 0);
  assert.equal(library.read('out/all.m3u8'), '#EXTM3U\r\nA/1.opus\r\nA\\3.mp3\r\nA/none.flac\r\n');
  assert.equal(library.read('out/A/some.m3u'), '2.opus\n');
  const warned = linesOf(applied, 'task-done').flatMap(({ warnings }) => warnings);
  assert.deepEqual(warned.filter((text) => text.startsWith('line')).length, 1);
  assertExit(await library.plan(), 0);

  // Another layout: only what has other names in it is made again.
  library.manifest({ outputs: [{ ...output, layout: 'x{name}' }] });
  const moved = await library.apply();
  assertExit(moved, 0);
  assert.deepEqual(
    madeIn(library, moved).filter((name) => name.endsWith('.opus')),
    [],
  );
  assert.equal(library.read('out/all.m3u8'), '#EXTM3U\r\nx1.opus\r\n3.mp3\r\nA/none.flac\r\n');
  assertExit(await library.plan(), 0);

  // Copied instead, then rewritten again.
  library.manifest({ outputs: [{ ...output, playlists: false, copy: ['**/*.m3u8'] }] });
  assertExit(await library.apply(), 0);
  assert.deepEqual(
    readFileSync(library.path('out/all.m3u8')),
    readFileSync(library.path('in/all.m3u8')),
  );
  library.manifest({ outputs: [output] });
  assertExit(await library.apply(), 0);
  assert.match(library.read('out/all.m3u8'), /1\.opus/);
  library.plant('in/A/some.m3u', '1.flac\n2.flac\n');
  library.remove('in/all.m3u8');
  const planned = await library.plan();
  assert.deepEqual(actionsOf(library, planned), {
    'out/A/some.m3u': 'update',
    'out/all.m3u8': 'delete',
  });
});
