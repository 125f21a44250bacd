import assert from 'node:assert/strict';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { ChecksumThreads, ThreadsLost } from '#src/lib/checksum-threads.js';
import { moduleUrl } from '../support/module-url.js';
import { temporaryFolder } from '../support/temporary-folder.js';

test('what cannot be read is told with the code of the system', async (context) => {
  const missing = join(temporaryFolder(context), 'missing');
  await using threads = new ChecksumThreads(1);
  await assert.rejects(threads.sha256(missing), { code: 'ENOENT' });
});

/** A script for threads that dies of its first order. */
function deadly(context: TestContext): URL {
  const script = join(temporaryFolder(context), 'deadly.mjs');
  writeFileSync(
    script,
    `import { parentPort } from 'node:worker_threads';
    parentPort.on('message', () => { throw new Error('boom'); });`,
  );
  return pathToFileURL(script);
}

test('a thread that dies is no fault of any file: who waits and who asks later are told so', async (context) => {
  await using threads = new ChecksumThreads(2, deadly(context));
  const asked = await Promise.allSettled(['a', 'b', 'c'].map((path) => threads.sha256(path)));
  for (const answer of asked) {
    assert.ok(answer.status === 'rejected' && answer.reason instanceof ThreadsLost);
    assert.match(String(answer.reason), /boom/);
  }
  await assert.rejects(threads.sha256('d'), ThreadsLost);
});

test('a small file does not wait behind a large one while a thread is idle', async (context) => {
  const folder = temporaryFolder(context);
  const [large, small] = [join(folder, 'large'), join(folder, 'small')];
  writeFileSync(small, 'x');
  // Sparse.
  writeFileSync(large, '');
  truncateSync(large, 300_000_000);
  await using threads = new ChecksumThreads(2);
  const done: string[] = [];
  const read = async (path: string): Promise<void> => {
    await threads.sha256(path);
    done.push(path);
  };
  await Promise.all([read(large), read(small).then(() => read(small))]);
  assert.deepEqual(done, [small, small, large]);
});

test('threads that nobody waits for let the process end, those that are lost too', async (context) => {
  const script = join(temporaryFolder(context), 'script.mjs');
  writeFileSync(
    script,
    `import { ChecksumThreads } from ${moduleUrl('lib/checksum-threads')};
    const threads = new ChecksumThreads(2);
    const sums = await Promise.all([1, 2, 3].map(() => threads.sha256(process.argv[1])));
    console.log(new Set(sums).size);
    const lost = new ChecksumThreads(2, new URL(process.argv[2]));
    await Promise.allSettled([1, 2, 3].map((path) => lost.sha256(String(path))));`,
  );
  const args = [script, String(deadly(context))];
  const { stdout } = await execa(process.execPath, args, { timeout: 60_000 });
  assert.equal(stdout, '1');
});
