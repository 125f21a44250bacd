import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { sha256Of, sha256OfFile, sha256OfFileSync } from '#src/lib/checksum.js';
import { FILE_CHUNK_BYTES } from '#src/lib/file-chunks.js';
import { temporaryFolder } from '../support/temporary-folder.js';

it('a file of any length has the checksum of its content, however it is read', async (context) => {
  const path = join(temporaryFolder(context), 'file');
  for (const length of [0, 1, FILE_CHUNK_BYTES, 2 * FILE_CHUNK_BYTES + 1]) {
    const content = Buffer.alloc(length, 'some bytes ');
    writeFileSync(path, content);
    const expected = sha256Of(content);
    assert.equal(await sha256OfFile(path), expected, `${length} bytes`);
    assert.equal(sha256OfFileSync(path), expected, `${length} bytes`);
  }
});
