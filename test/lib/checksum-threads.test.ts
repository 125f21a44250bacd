import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { ChecksumThreads } from '#src/lib/checksum-threads.js';
import { moduleUrl } from '../support/module-url.js';
import { temporaryFolder } from '../support/temporary-folder.js';

test('what cannot be read is told with the code of the system', async (context) => {
  const missing = join(temporaryFolder(context), 'missing');
  await using threads = new ChecksumThreads(1);
  await assert.rejects(threads.sha256(missing), { code: 'ENOENT' });
});

test('threads that nobody waits for let the process end', async (context) => {
  const script = join(temporaryFolder(context), 'script.mjs');
  writeFileSync(
    script,
    `import { ChecksumThreads } from ${moduleUrl('lib/checksum-threads')};
    const threads = new ChecksumThreads(2);
    const sums = await Promise.all([1, 2, 3].map(() => threads.sha256(process.argv[1])));
    console.log(new Set(sums).size);`,
  );
  const { stdout } = await execa(process.execPath, [script], { timeout: 60_000 });
  assert.equal(stdout, '1');
});
