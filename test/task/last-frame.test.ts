import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { lastFrameEnd } from '#src/task/last-frame.js';
import { inspectSource } from '#src/task/inspect-source.js';
import { corpus, corpusMissing } from '../support/corpus.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { writeTone } from '../support/tone.js';

it('the last frame tells the length of every good file', { skip: corpusMissing }, async () => {
  const { root = '', files = {} } = corpus ?? {};
  for (const [name, file] of Object.entries(files)) {
    if (file.verdict !== 'convert') continue;
    const found = await inspectSource(join(root, name));
    assert.ok(found.ok, name);
    assert.equal(found.value.lastFrameEnd, file.expected_samples, name);
  }
});

it('takes any length and block size', async (context) => {
  const path = join(temporaryFolder(context), 'a.flac');
  const frames = fc.integer({ min: 1, max: 20_000 });
  const block = fc.constantFrom(16, 192, 256, 576, 1000, 4096, 4608, 16_384);
  await fc.assert(
    fc.asyncProperty(frames, block, async (count, blockSize) => {
      writeTone(path, { frames: count, channels: 1, args: [`--blocksize=${blockSize}`] });
      await using file = await open(path, 'r');
      const { size } = await file.stat();
      assert.equal(await lastFrameEnd(file, size, blockSize), count);
      assert.equal(await lastFrameEnd(file, size - 1, blockSize), undefined);
    }),
    // One cut frame of 65,536 has the right checksum by chance: the same files every time.
    { numRuns: 30, seed: 7 },
  );
});

it('is not fooled by what only looks like frames', async (context) => {
  const path = join(temporaryFolder(context), 'noise');
  const pattern = Buffer.from('fff8c9180000', 'hex');
  writeFileSync(path, Buffer.alloc(300_000, pattern));
  await using file = await open(path, 'r');
  assert.equal(await lastFrameEnd(file, 300_000, 4096), undefined);
});
