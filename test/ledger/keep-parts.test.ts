import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AbsolutePath } from '#src/lib/brand.js';
import { entryOf, make, open, OUT, partOf, path } from '../support/ledger-rig.js';
import { MemoryDisk } from '../support/memory-disk.js';

const A = path(`${OUT}/a.opus`);
const KEEP = { keepParts: true };

/** A run was killed while an agent of another machine wrote this part file. */
async function killedRun(): Promise<{ readonly disk: MemoryDisk; readonly part: AbsolutePath }> {
  const disk = new MemoryDisk();
  await disk.makeDirectory(OUT);
  const { ledger } = await open(disk);
  await ledger.leased(A, partOf(A));
  await disk.writeNew(partOf(A), ['half']);
  return { disk, part: partOf(A) };
}

const isThere = async (disk: MemoryDisk, file: AbsolutePath): Promise<boolean> =>
  (await disk.lstat(file)) !== undefined;

describe('a part file that an agent may still write', () => {
  test('stays, with its lease, until the next run is over', async () => {
    const { disk, part } = await killedRun();
    const { ledger } = await open(disk, KEEP);
    assert.ok(await isThere(disk, part));
    assert.deepEqual([...(ledger.leases.get(A) ?? [])], [part]);
    await ledger.close();
    assert.ok(!(await isThere(disk, part)));
    const { ledger: after } = await open(disk, KEEP);
    assert.equal(after.leases.size, 0);
  });

  test('stays through any number of runs that are killed too, and goes then', async () => {
    const { disk, part } = await killedRun();
    for (let run = 0; run < 3; run += 1) {
      const { ledger } = await open(disk, KEEP);
      assert.deepEqual([...(ledger.leases.get(A) ?? [])], [part]);
    }
    await (await open(disk, KEEP)).ledger.close();
    assert.ok(!(await isThere(disk, part)));
  });

  test('goes at the end too when another attempt made the output', async () => {
    const { disk, part } = await killedRun();
    const lost = path(`${OUT}/.a.opus.2.f2a-part`);
    const { ledger } = await open(disk, KEEP);
    await ledger.leased(A, lost);
    await disk.writeNew(lost, ['half of another']);
    await disk.remove(part);
    await make(ledger, disk, { output: A, content: 'whole' });
    await ledger.close();
    assert.deepEqual([await isThere(disk, part), await isThere(disk, lost)], [false, false]);
    assert.equal((await disk.readFile(A)).toString(), 'whole');
  });

  test('is not kept when no agent can come back', async () => {
    const { disk, part } = await killedRun();
    const { ledger } = await open(disk);
    assert.ok(!(await isThere(disk, part)));
    assert.equal(ledger.leases.size, 0);
  });

  test('of a worker that was lost: the next run removes what came after the run', async () => {
    const disk = new MemoryDisk();
    await disk.makeDirectory(OUT);
    const lost = path(`${OUT}/.a.opus.2.f2a-part`);
    const { ledger } = await open(disk);
    await ledger.leased(A, lost);
    await make(ledger, disk, { output: A, content: 'whole' });
    ledger.keepLease(A, lost);
    await ledger.close();
    await disk.writeNew(lost, ['half']);
    const { ledger: next } = await open(disk);
    assert.ok(!(await isThere(disk, lost)));
    assert.equal((await disk.readFile(A)).toString(), 'whole');
    await next.close();
    const { ledger: after } = await open(disk, KEEP);
    assert.equal(after.leases.size, 0, 'once is enough');
  });

  test('is awaited though its lease was given up when its task failed', async () => {
    const disk = new MemoryDisk();
    await disk.makeDirectory(OUT);
    const { ledger } = await open(disk);
    await ledger.leased(A, partOf(A));
    await ledger.released(A);
    ledger.keepLease(A, partOf(A));
    await ledger.close();
    await disk.writeNew(partOf(A), ['half']);
    await (await open(disk)).ledger.close();
    assert.ok(!(await isThere(disk, partOf(A))));
  });

  test('is finished at once where it was whole already', async () => {
    const { disk, part } = await killedRun();
    const { ledger: first } = await open(disk, KEEP);
    const stat = (await disk.lstat(part))?.stat ?? '';
    await first.staged(entryOf(A, 'half', stat), part, undefined);
    const { ledger } = await open(disk, KEEP);
    assert.equal((await disk.readFile(A)).toString(), 'half');
    assert.equal(ledger.leases.size, 0);
  });
});
