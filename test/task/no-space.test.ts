import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { namesIn, run, taskOf } from '../support/task-rig.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { writeTone } from '../support/tone.js';

/** A file system of 64 KiB, or `undefined` where this process may not mount one. */
function tinyFileSystem(context: TestContext): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'flac2all-tiny-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmdirSync(folder);
    return undefined;
  }
  context.after(() => {
    execFileSync('umount', [folder]);
    rmdirSync(folder);
  });
  return folder;
}

describe('a disk that fills up', () => {
  for (const codec of ['opus', 'vorbis', 'mp3', 'flac', 'aac', 'copy', 'test']) {
    it(`${codec}: is the cause that is named, and nothing stays behind`, async (context) => {
      const tiny = tinyFileSystem(context);
      if (tiny === undefined) return context.skip('needs the right to mount a file system');
      const source = join(temporaryFolder(context), 'a.flac');
      writeTone(source, { frames: 600_000, args: ['--blocksize=64'] });
      const outcome = await run(taskOf(source, { codec, part: join(tiny, 'part') }));
      assert.ok(outcome.status === 'failed');
      assert.deepEqual([outcome.class, outcome.code], ['environment', 'NO_SPACE'], outcome.text);
      assert.deepEqual(namesIn(tiny), []);
    });
  }

  it('also when only the tags do not fit any more', async (context) => {
    const tiny = tinyFileSystem(context);
    if (tiny === undefined) return context.skip('needs the right to mount a file system');
    const folder = temporaryFolder(context);
    const cover = join(folder, 'a.jpg');
    writeFileSync(cover, Buffer.concat([Buffer.from('ffd8ff', 'hex'), Buffer.alloc(200_000)]));
    const source = join(folder, 'a.flac');
    writeTone(source, { frames: 4000, args: [`--picture=3|image/jpeg||1x1x24|${cover}`] });
    for (const codec of ['opus', 'vorbis', 'mp3', 'flac', 'aac']) {
      const outcome = await run(taskOf(source, { codec, part: join(tiny, 'part') }));
      assert.ok(outcome.status === 'failed');
      assert.equal(outcome.code, 'NO_SPACE', `${codec}: ${outcome.text}`);
      assert.deepEqual(namesIn(tiny), []);
    }
  });
});
