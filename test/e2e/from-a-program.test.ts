import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Library } from '../support/library.js';

const README = fileURLToPath(new URL('../../../README.md', import.meta.url));
const ENTRY = import.meta.resolve('#src/index.js');

test('the program in the README makes what the manifest wants', async (context) => {
  const library = new Library(context);
  library.track('a.flac');
  library.manifest({ outputs: [{ codec: 'opus', to: './out' }] });
  const [, program = ''] = /```ts\n(import[^`]*?)```/.exec(readFileSync(README, 'utf8')) ?? [];
  const script = program
    .replace("'flac2all'", JSON.stringify(ENTRY))
    .replace('/srv/music/flac2all.yaml', library.path('flac2all.yaml'));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--eval',
    script,
  ]);
  assert.equal(stderr, '');
  assert.match(stdout, /failed: 0/);
  assert.deepEqual(Object.keys(library.outputs()), ['a.opus']);
});
