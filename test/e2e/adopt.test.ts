import assert from 'node:assert/strict';
import { mkdirSync, renameSync, symlinkSync, truncateSync } from 'node:fs';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { actionsOf, Library, madeIn } from '../support/library.js';
import type { Finished } from '../support/rig.js';
import { assertExit, linesOf } from '../support/rig.js';

/** A library whose outputs are there, and nothing that tells who made them. */
async function unmanaged(context: TestContext): Promise<Library> {
  const library = new Library(context);
  for (const name of ['one', 'two', 'three']) library.track(`${name}.flac`);
  library.plant('in/cover.jpg', 'a cover');
  library.manifest({ outputs: [{ codec: 'mp3', to: './out', copy: ['*.jpg'], prune: true }] });
  assertExit(await library.apply(), 0);
  library.remove('.flac2all');
  return library;
}

function adopt(library: Library, ...args: readonly string[]): Promise<Finished> {
  return library.run(['adopt', '--json', ...args]);
}

function answerOf(finished: Finished): unknown {
  const { dryRun: _, refused: __, ...counts } = linesOf(finished, 'answer')[0]?.data ?? {};
  return counts;
}

test('what is whole is adopted and up to date; what is not is left alone and named', async (context) => {
  const library = await unmanaged(context);
  truncateSync(library.path('out/two.mp3'), 900);
  library.track('three.flac', { comments: [['TITLE', 'another song']] });
  library.plant('out/cover.jpg', 'another');
  assert.equal(
    Object.values(actionsOf(library, await library.plan())).join(),
    'conflict,conflict,conflict,conflict',
  );
  const before = library.everything();
  const looked = await adopt(library, '--dry-run');
  assertExit(looked, 3);
  assert.deepEqual(library.everything(), before, 'a dry run writes nothing');
  const outputs = library.outputs();
  const adopted = await adopt(library);
  assert.deepEqual(answerOf(adopted), { adopted: 1, replaced: 0 });
  assert.deepEqual(answerOf(looked), answerOf(adopted));
  assert.deepEqual(library.outputs(), outputs);
  assert.deepEqual(actionsOf(library, await library.plan()), {
    'out/cover.jpg': 'conflict',
    'out/three.mp3': 'conflict',
    'out/two.mp3': 'conflict',
  });
});

test('no option makes an adopted output stale, its source does; tags are tags', async (context) => {
  const library = await unmanaged(context);
  assertExit(await adopt(library), 0);
  const output = { codec: 'mp3' as const, to: './out', copy: ['*.jpg'], prune: true };
  library.manifest({ outputs: [{ ...output, options: { vbr: 4 } }] });
  assertExit(await library.plan(), 0);
  renameSync(library.path('in/one.flac'), library.path('in/uno.flac'));
  library.track('two.flac', { comments: [['TITLE', 'other']] });
  assert.deepEqual(actionsOf(library, await library.plan()), {
    'out/two.mp3': 'retag',
    'out/uno.mp3': 'move',
  });
  assertExit(await library.apply(), 0);
  assertExit(await library.plan(), 0);
  library.track('three.flac', { seed: 55 });
  assert.deepEqual(actionsOf(library, await library.plan()), { 'out/three.mp3': 'update' });
});

test('--replace: the next apply makes them again, once', async (context) => {
  const library = await unmanaged(context);
  assertExit(await adopt(library, '--target', 'one.*', '--replace'), 0);
  assertExit(await adopt(library), 0);
  assert.deepEqual(actionsOf(library, await library.plan()), { 'out/one.mp3': 'update' });
  assert.deepEqual(answerOf(await adopt(library, '--replace')), { adopted: 0, replaced: 2 });
  assert.deepEqual(madeIn(library, await library.apply()), [
    'out/one.mp3',
    'out/three.mp3',
    'out/two.mp3',
  ]);
  assertExit(await library.plan(), 0);
  assert.deepEqual(answerOf(await adopt(library, '--replace')), { adopted: 0, replaced: 0 });
});

test('a source that a link leads to is never adopted', async (context) => {
  const library = new Library(context);
  for (const name of ['one', 'two']) library.track(`A/${name}.flac`);
  mkdirSync(library.path('out'));
  symlinkSync(library.path('in/A'), library.path('out/A'));
  renameSync(library.path('in/A/one.flac'), library.path('in/A/three.flac'));
  library.manifest({ outputs: [{ codec: 'copy', to: './out' }] });
  assertExit(await adopt(library), 3);
  assert.deepEqual(actionsOf(library, await library.plan()), {
    'out/A/three.flac': 'conflict',
    'out/A/two.flac': 'conflict',
  });
});
