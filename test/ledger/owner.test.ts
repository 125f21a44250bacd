import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Ledger } from '#src/ledger/ledger.js';
import { readLedger } from '#src/ledger/read.js';
import { FakeClock } from '../support/fake-clock.js';
import {
  BASE,
  entryOf,
  failureOf,
  make,
  open,
  OUT,
  partOf,
  path,
  STATE,
  tryOpen,
} from '../support/ledger-rig.js';
import { MemoryDisk } from '../support/memory-disk.js';

const A = `${OUT}/a.opus`;

/** A ledger of `test.yaml` of which a run made this. */
async function ledgerWith(
  work: (ledger: Ledger, disk: MemoryDisk) => Promise<void>,
): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  await disk.makeDirectory(OUT);
  const { ledger } = await open(disk, { owner: 'test.yaml' });
  await work(ledger, disk);
  await ledger.close();
  return disk;
}

async function ownerOf(disk: MemoryDisk): Promise<string | undefined> {
  const read = await readLedger(STATE, BASE, disk);
  assert.ok(read.ok);
  return read.value.owner;
}

async function codeOfOpening(disk: MemoryDisk): Promise<string | undefined> {
  const { result } = await tryOpen(disk, new FakeClock());
  if (result.ok) await result.value.close();
  return result.ok ? undefined : result.error.code;
}

describe('a ledger of another manifest', () => {
  test('is taken over when it is empty, for good once something is in it', async () => {
    const disk = await ledgerWith(() => Promise.resolve());
    assert.equal(await ownerOf(disk), undefined);
    const { ledger } = await open(disk);
    await make(ledger, disk, { output: A, content: 'a' });
    await ledger.close();
    assert.equal(await ownerOf(disk), 'flac2all.yaml');
    const { result } = await tryOpen(disk, new FakeClock(), { owner: 'test.yaml' });
    assert.ok(!result.ok && result.error.code === 'LEDGER_FOREIGN');
  });

  test('is taken over when all that it held is gone again', async () => {
    const disk = await ledgerWith(async (ledger, at) => {
      await make(ledger, at, { output: A, content: 'a' });
      await ledger.dropped(path(A), 'forgotten');
    });
    assert.equal(await codeOfOpening(disk), undefined);
  });

  for (const [what, work] of [
    ['a row', (ledger) => ledger.updated(entryOf(A, 'a'))],
    ['a failure', (ledger) => ledger.failed(failureOf(A))],
    ['a folder', (ledger) => ledger.madeDirectories([path(OUT)])],
    [
      'a lease',
      (ledger) => {
        ledger.keepLease(path(A), partOf(A));
        return ledger.leased(path(A), partOf(A));
      },
    ],
  ] satisfies readonly (readonly [string, (ledger: Ledger) => Promise<void>])[]) {
    test(`is refused when it holds ${what}`, async () => {
      const disk = await ledgerWith(work);
      assert.equal(await ownerOf(disk), 'test.yaml');
      assert.equal(await codeOfOpening(disk), 'LEDGER_FOREIGN');
    });
  }

  test('is refused when it holds an output that a killed run had staged', async () => {
    const disk = new MemoryDisk();
    await disk.makeDirectory(OUT);
    const { ledger } = await open(disk, { owner: 'test.yaml' });
    await ledger.staged(entryOf(A, 'a'), partOf(A), undefined);
    assert.equal(await codeOfOpening(disk), 'LEDGER_FOREIGN');
  });

  test('is refused when its rows are only damaged', async () => {
    const disk = await ledgerWith((ledger) => ledger.updated(entryOf(A, 'a')));
    const shard = disk.files.find((file) => file.includes('/shards/')) ?? '';
    disk.tamper(shard, Buffer.alloc(0));
    const { result } = await tryOpen(disk);
    assert.ok(!result.ok && result.error.code === 'LEDGER_FOREIGN');
    assert.match(
      result.error.hint ?? '',
      /rename it back, or move .* away and let `flac2all adopt`/,
    );
  });
});
