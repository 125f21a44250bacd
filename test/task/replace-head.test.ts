import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { readAt } from '#src/task/read-at.js';
import { replaceHead } from '#src/task/replace-head.js';
import { temporaryFolder } from '../support/temporary-folder.js';

it('replaces the head of a file with one of any length, whatever the chunks are', async (context) => {
  const path = join(temporaryFolder(context), 'file');
  const bytes = fc.uint8Array({ maxLength: 300 });
  const shape = fc.record({
    old: bytes,
    head: bytes,
    tail: bytes,
    size: fc.integer({ min: 1, max: 70 }),
  });
  await fc.assert(
    fc.asyncProperty(shape, async ({ old, head, tail, size }) => {
      writeFileSync(path, Buffer.concat([old, tail]));
      {
        await using file = await open(path, 'r+');
        const chunks = (async function* () {
          for (let at = old.length; at < old.length + tail.length; at += size) {
            yield readAt(file, at, Math.min(size, old.length + tail.length - at));
          }
        })();
        await replaceHead(file, Buffer.from(head), { start: old.length, chunks });
      }
      assert.deepEqual(readFileSync(path), Buffer.concat([head, tail]));
    }),
  );
});
