import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { FILE_CHUNK_BYTES } from '#src/lib/file-chunks.js';
import { readPages } from '#src/task/ogg-pages.js';
import { renderPage } from '../support/ogg-page-builder.js';
import { seededRandom } from '../support/seeded-random.js';
import { temporaryFolder } from '../support/temporary-folder.js';

it('all pages of a file are read, wherever its chunks end, and a copy of one outlives its run', async (context) => {
  const pages = makePages(2.5 * FILE_CHUNK_BYTES);
  const content = Buffer.concat(pages);
  const path = join(temporaryFolder(context), 'pages');
  writeFileSync(path, Buffer.concat([content, Buffer.from('Ogg')]));
  await using file = await open(path, 'r');
  const copies: Buffer[] = [];
  let runs = 0;
  let end = 0;
  for await (const run of readPages(file, 0)) {
    copies.push(...run.pages.map((page) => page.copy().bytes));
    assert.equal(run.bytes.length, run.end - end);
    end = run.end;
    runs += 1;
  }
  assert.equal(runs, 3);
  assert.equal(end, content.length);
  assert.ok(Buffer.concat(copies).equals(content));
});

/** Numbered pages of very different lengths, up to the longest there is. */
function makePages(bytes: number): readonly Buffer[] {
  const random = seededRandom(7);
  const pages: Buffer[] = [];
  for (let total = 0; total < bytes; total += pages.at(-1)?.length ?? 0) {
    const lacing = Uint8Array.from({ length: Math.floor(random() * 256) }, () => 255);
    const sequence = pages.length;
    const body = Buffer.alloc(lacing.length * 255, sequence);
    pages.push(renderPage({ flags: 0, granule: 0n, serial: 1, sequence, lacing, body }));
  }
  return pages;
}
