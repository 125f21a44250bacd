import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { Disk } from '#src/lib/disk.js';
import { textLines } from '#src/ledger/lines.js';
import { nodeDisk } from '#src/lib/node-disk.js';
import { statSize } from '#src/lib/stat-key.js';
import { MemoryDisk } from '../support/memory-disk.js';
import { temporaryFolder } from '../support/temporary-folder.js';

async function linesOf(disk: Disk, path: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const batch of textLines(disk.readPieces(path))) lines.push(...batch);
  return lines;
}

/** The same promises for the real disk and for the one that the tests of the ledger stand on. */
function keepsTheContract(name: string, disk: Disk, folderOf: () => string): void {
  const at = (file: string): string => join(folderOf(), file);

  describe(name, () => {
    test('creates only what is not there', async () => {
      await disk.writeNew(at('new'), ['some ', Buffer.from('bytes')]);
      assert.equal((await disk.readFile(at('new'))).toString(), 'some bytes');
      await assert.rejects(disk.writeNew(at('new'), ['other']), { code: 'EEXIST' });
      assert.equal((await disk.readFile(at('new'))).toString(), 'some bytes');
      await assert.rejects(disk.writeNew(at('no/where'), ['x']), { code: 'ENOENT' });
    });

    test('appends, and creates for it', async () => {
      for (const text of ['one\n', 'two\n']) {
        const file = await disk.openAppend(at('log'));
        await file.append(text);
        await file.sync();
        await file.close();
      }
      assert.deepEqual(await linesOf(disk, at('log')), ['one', 'two']);
    });

    test('renames over, links only to what is free, removes what may be gone', async () => {
      await disk.writeNew(at('a'), ['a']);
      await disk.writeNew(at('b'), ['b']);
      await assert.rejects(disk.link(at('a'), at('b')), { code: 'EEXIST' });
      await disk.link(at('a'), at('c'));
      await disk.rename(at('a'), at('b'));
      assert.equal((await disk.readFile(at('b'))).toString(), 'a');
      assert.equal((await disk.readFile(at('c'))).toString(), 'a');
      await disk.remove(at('b'));
      await disk.remove(at('b'));
      assert.equal(await disk.lstat(at('b')), undefined);
      await assert.rejects(disk.rename(at('b'), at('a')), { code: 'ENOENT' });
      await assert.rejects(disk.readFile(at('b')), { code: 'ENOENT' });
    });

    test('makes folders, says which, and removes only empty ones', async () => {
      assert.deepEqual(await disk.makeDirectory(at('x/y')), [at('x'), at('x/y')]);
      assert.deepEqual(await disk.makeDirectory(at('x/y')), []);
      await disk.syncDirectory(at('x'));
      assert.equal((await disk.lstat(at('x')))?.kind, 'directory');
      assert.deepEqual(await disk.list(at('x')), ['y']);
      assert.deepEqual(await disk.list(at('nowhere')), []);
      assert.equal(await disk.removeEmptyDirectory(at('x')), false);
      assert.equal(await disk.removeEmptyDirectory(at('x/y')), true);
      assert.equal(await disk.removeEmptyDirectory(at('x/y')), false);
    });

    test('knows sizes and checksums', async () => {
      const data = Buffer.alloc(3_000_000, 'abc');
      await disk.writeNew(at('big'), [data]);
      const there = await disk.lstat(at('big'));
      assert.equal(there?.kind, 'file');
      assert.equal(there && statSize(there.stat), data.length);
      assert.equal(await disk.sha256(at('big')), createHash('sha256').update(data).digest('hex'));
    });
  });
}

function* broken(): Generator<string> {
  yield 'begun';
  throw new Error('no more');
}

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flac2all-disk-'));
});
after(() => rm(folder, { recursive: true }));

keepsTheContract('the real disk', nodeDisk, () => folder);
keepsTheContract('the disk in memory', new MemoryDisk(), () => '/');

describe('the real disk also', () => {
  test('reads lines across chunks, of any length, with and without the last newline', async () => {
    const path = join(folder, 'lines');
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ''));
    const longer = fc.tuple(line, fc.nat(40_000)).map(([text, times]) => text.repeat(times));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(line, longer), { minLength: 1 }), async (lines) => {
        const text = lines.join('\n');
        await writeFile(path, text);
        const expected = text.endsWith('\n') ? lines.slice(0, -1) : lines;
        assert.deepEqual(await linesOf(nodeDisk, path), text === '' ? [] : expected);
      }),
      { numRuns: 30 },
    );
  });

  test('does not follow symbolic links', async () => {
    await symlink('/nowhere', join(folder, 'link'));
    assert.equal((await nodeDisk.lstat(join(folder, 'link')))?.kind, 'link');
  });

  test('leaves nothing of a file that it could not write', async () => {
    const path = join(folder, 'broken');
    await assert.rejects(nodeDisk.writeNew(path, broken()), /no more/);
    await assert.rejects(readFile(path), { code: 'ENOENT' });
  });
});

test('a large file has the checksum of its bytes, and a missing one has none', async (context) => {
  const file = join(temporaryFolder(context), 'large');
  await writeFile(file, 'not all of it is zero');
  await truncate(file, 17 * 1024 * 1024);
  const bytes = await readFile(file);
  assert.equal(await nodeDisk.sha256(file), createHash('sha256').update(bytes).digest('hex'));
  await assert.rejects(nodeDisk.sha256(`${file}r`), { code: 'ENOENT' });
});
