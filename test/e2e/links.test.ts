import assert from 'node:assert/strict';
import { readdirSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { Library } from '../support/library.js';
import { assertExit, linesOf } from '../support/rig.js';

test('an output that a link leads into its source is refused, and the library does not grow', async (context) => {
  const library = new Library(context);
  library.track('a.flac');
  symlinkSync('in', library.path('link'));
  library.manifest({ source: 'link', outputs: [{ codec: 'flac', to: 'in/x' }] });
  for (const args of [
    ['validate', '--json'],
    ['apply', '-y', '--json'],
    ['plan', '--json'],
  ]) {
    const run = await library.run(args);
    assertExit(run, 6);
    const [failure] = linesOf(run, 'failure');
    assert.equal(failure?.code, 'MANIFEST_OVERLAP');
    assert.ok(failure.message.includes(`${library.path('in/x')} and ${library.path('link')}`));
  }
  assert.deepEqual(readdirSync(library.path('in')), ['a.flac']);
});

test('the classic form leaves its own outputs out of a source that it reaches by a link', async (context) => {
  const library = new Library(context);
  library.track('a.flac');
  symlinkSync('in', library.path('link'));
  for (let round = 0; round < 2; round += 1) {
    assertExit(await library.run(['flac', '-o', 'link/out', 'in']), 0);
  }
  assert.deepEqual(Object.keys(library.outputs('in/out/flac')), ['a.flac']);
});

test('a link in the source that leads to the outputs is told of, and the library does not grow', async (context) => {
  const library = new Library(context);
  library.track('a.flac');
  library.manifest({ outputs: [{ codec: 'flac', to: './out' }] });
  assertExit(await library.apply(), 0);
  symlinkSync('../out', library.path('in/loop'));
  for (let round = 0; round < 3; round += 1) {
    const run = await library.apply();
    assertExit(run, 3);
    const [problem] = linesOf(run, 'scan-problem');
    assert.match(problem?.text ?? '', /leads to the folder of an output; .*add it to exclude/);
    assert.deepEqual(Object.keys(library.outputs()), ['a.flac']);
  }
});
