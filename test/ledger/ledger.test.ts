import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AbsolutePath } from '#src/lib/brand.js';
import type { LedgerView } from '#src/ledger/entry.js';
import { LedgerError } from '#src/ledger/failure.js';
import type { Ledger } from '#src/ledger/ledger.js';
import { readLedger } from '#src/ledger/read.js';
import {
  BASE,
  OUT,
  STATE,
  entryOf,
  failureOf,
  make,
  open,
  partOf,
  path,
  sha256Of,
  tryOpen,
} from '../support/ledger-rig.js';
import { FakeClock } from '../support/fake-clock.js';
import { MemoryDisk } from '../support/memory-disk.js';

const A = path(`${OUT}/a.opus`);

async function folder(): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  await disk.makeDirectory(OUT);
  return disk;
}

async function view(disk: MemoryDisk, base: AbsolutePath = BASE): Promise<LedgerView> {
  const read = await readLedger(`${base}/.flac2all` as AbsolutePath, base, disk);
  assert.ok(read.ok);
  return read.value;
}

/** Opens, works, closes. */
async function session(disk: MemoryDisk, work: (ledger: Ledger) => Promise<void>): Promise<void> {
  const { ledger } = await open(disk);
  await work(ledger);
  await ledger.close();
}

function updates(ledger: Ledger, names: readonly string[]): Promise<unknown> {
  return Promise.all(names.map((name) => ledger.updated(entryOf(`${OUT}/${name}`, name))));
}

function numbered(count: number, first = 0): readonly string[] {
  return Array.from({ length: count }, (_, index) => `n${first + index}`);
}

describe('a ledger', () => {
  test('that does not exist reads as empty and is not made by reading', async () => {
    const disk = await folder();
    const before = disk.steps;
    const { entries, lineage, serial, epoch } = await view(disk);
    assert.deepEqual([entries.size, lineage, serial, epoch], [0, undefined, 0, 0]);
    assert.equal(disk.steps, before);
  });

  test('gives back what was recorded, before and after it is closed', async () => {
    const disk = await folder();
    const far = { ...entryOf('/far/away.opus', 'x'), unverified: true as const };
    const racy = entryOf(`${OUT}/racy.opus`, 'r');
    const { ledger } = await open(disk);
    await make(ledger, disk, { output: A, content: 'content' });
    await ledger.updated(far);
    await ledger.updated({ ...racy, source: { ...racy.source, racy: true } });
    await ledger.failed(failureOf(`${OUT}/f.opus`));
    await ledger.madeDirectories([path(OUT), BASE]);
    const live = ledger.view;
    const expected = [live.entries, live.failures, live.directories, live.serial, live.lineage];
    const journal = await view(disk);
    assert.deepEqual(
      [journal.entries, journal.failures, journal.directories, journal.serial, journal.lineage],
      expected,
    );
    await ledger.close();
    const folded = await view(disk);
    assert.deepEqual(
      [folded.entries, folded.failures, folded.directories, folded.serial, folded.lineage],
      expected,
    );
    assert.equal(folded.entries.get(A)?.output.sha256, sha256Of('content'));
    const [one, two] = [...folded.entries.values()];
    assert.equal(one?.recipe, two?.recipe, 'rows share their recipe');
  });

  test('keeps its serial when nothing changes and raises its epoch with every run', async () => {
    const disk = await folder();
    await session(disk, (ledger) => ledger.updated(entryOf(A, 'a')));
    const before = await view(disk);
    await session(disk, async (ledger) => {
      await ledger.leased(A, partOf(A));
      await ledger.released(A);
      await ledger.madeDirectories([]);
    });
    const after = await view(disk);
    assert.equal(after.serial, before.serial);
    assert.ok(after.epoch > before.epoch);
    assert.equal(after.lineage, before.lineage);
    await session(disk, (ledger) => ledger.dropped(A, 'deleted'));
    assert.ok((await view(disk)).serial > after.serial);
  });

  test('may be moved with its folder', async () => {
    const disk = await folder();
    await session(disk, (ledger) => ledger.updated(entryOf(A, 'a')));
    await session(disk, (ledger) => ledger.updated(entryOf('/far/b', 'b')));
    for (const file of disk.files) {
      const target = file.replace('/music/', '/moved/');
      await disk.makeDirectory(target.slice(0, target.lastIndexOf('/')));
      await disk.rename(file, target);
    }
    const moved = await view(disk, path('/moved'));
    assert.deepEqual(new Set(moved.entries.keys()), new Set(['/moved/out/a.opus', '/far/b']));
    assert.equal(
      moved.entries.get(path('/moved/out/a.opus'))?.source.path,
      '/moved/in/a.opus.flac',
    );
  });

  test('writes what changed, and merges runs that are not twice as big', async () => {
    const disk = await folder();
    const shards = async (): Promise<readonly number[]> => {
      const root = JSON.parse((await disk.readFile(`${STATE}/ledger.json`)).toString()) as {
        shards: { rows: number }[];
      };
      return root.shards.map(({ rows }) => rows);
    };
    await session(disk, async (ledger) => void (await updates(ledger, numbered(100))));
    assert.deepEqual(await shards(), [100]);
    await session(disk, async (ledger) => void (await updates(ledger, numbered(10, 50))));
    assert.deepEqual(await shards(), [100, 10]);
    await session(disk, (ledger) => ledger.dropped(path(`${OUT}/n1`), 'deleted'));
    assert.deepEqual(await shards(), [100, 10, 1], 'a tombstone');
    await session(disk, async (ledger) => void (await updates(ledger, numbered(10, 300))));
    assert.deepEqual(await shards(), [100, 21], 'the tombstone is still needed');
    await session(disk, async (ledger) => void (await updates(ledger, numbered(40, 310))));
    assert.deepEqual(await shards(), [149], 'and goes with the oldest rows');
    const { entries } = await view(disk);
    assert.equal(entries.size, 149);
    assert.equal(entries.has(path(`${OUT}/n1`)), false);
    assert.equal((await disk.list(`${STATE}/shards`)).length, 1);
  });

  test('splits what is too much for one shard', async () => {
    const disk = await folder();
    const { ledger } = await open(disk);
    await updates(ledger, numbered(65_536 + 10));
    await ledger.close();
    assert.equal((await disk.list(`${STATE}/shards`)).length, 2);
    assert.equal((await view(disk)).entries.size, 65_546);
  });

  test('is read whole while a writer replaces it again and again', async () => {
    const disk = await folder();
    await session(disk, (ledger) => ledger.updated(entryOf(A, 'a')));
    const writing = new AbortController();
    const writer = (async () => {
      for (let run = 0; run < 30; run += 1) {
        await session(disk, async (ledger) => void (await updates(ledger, numbered(3, run))));
      }
      writing.abort();
    })();
    let last = 0;
    while (!writing.signal.aborted) {
      const seen = await view(disk);
      assert.ok(seen.serial >= last);
      assert.ok(seen.entries.has(A));
      assert.ok([...seen.entries.values()].every((entry) => entry.unverified === undefined));
      last = seen.serial;
    }
    await writer;
    assert.ok(last > 10);
  });
});

describe('when it cannot write', () => {
  test('a read-only folder is a failure that names it', async () => {
    const disk = await folder();
    disk.fail = ({ name }) =>
      name === 'makeDirectory' || name === 'writeNew' ? 'EROFS' : undefined;
    const { result } = await tryOpen(disk);
    assert.ok(!result.ok);
    assert.equal(result.error.code, 'LEDGER_WRITE_FAILED');
    assert.match(result.error.message, /\/music\/\.flac2all: EROFS/);
  });

  test('a full disk stops the ledger, and nothing promised is lost', async () => {
    const disk = await folder();
    const { ledger } = await open(disk);
    await ledger.updated(entryOf(A, 'a'));
    disk.fail = ({ name }) => (name === 'append' ? 'ENOSPC' : undefined);
    await assert.rejects(ledger.updated(entryOf(`${OUT}/b`, 'b')), LedgerError);
    assert.ok(ledger.signal.aborted);
    disk.fail = () => undefined;
    await assert.rejects(ledger.updated(entryOf(`${OUT}/c`, 'c')), /ENOSPC/);
    await ledger.close();
    assert.deepEqual([...(await view(disk)).entries.keys()], [A]);
    await session(disk, (again) => again.updated(entryOf(`${OUT}/c`, 'c')));
    assert.equal((await view(disk)).entries.size, 2);
  });

  test('whoever lost the lock notices before it promises anything', async () => {
    const disk = await folder();
    const first = await open(disk);
    const second = await open(disk);
    await assert.rejects(first.ledger.updated(entryOf(A, 'a')), (error: LedgerError) => {
      return error.failure.code === 'LEDGER_FENCED';
    });
    assert.ok(first.ledger.signal.aborted);
    await second.ledger.updated(entryOf(`${OUT}/b`, 'b'));
    await first.ledger.close();
    await second.ledger.close();
    assert.deepEqual([...(await view(disk)).entries.keys()], [`${OUT}/b`]);
  });

  test('the heartbeat notices a lost lock by itself', async () => {
    const disk = await folder();
    const clock = new FakeClock();
    const { result } = await tryOpen(disk, clock);
    assert.ok(result.ok);
    const lost = new Promise((resolve) => {
      result.value.signal.addEventListener('abort', resolve);
    });
    await disk.remove(`${STATE}/lock`);
    clock.tick(10_000);
    await lost;
    await result.value.close();
  });
});

describe('recovery', () => {
  test('keeps what somebody else put at the place of a staged output', async () => {
    const disk = await folder();
    const { ledger } = await open(disk);
    await stage(ledger, disk, 'staged');
    await disk.writeNew(A, ['precious']);
    const { ledger: next, notices } = await open(disk);
    assert.ok(notices.some(({ code }) => code === 'LEDGER_OUTPUT_KEPT'));
    assert.equal((await disk.readFile(A)).toString(), 'precious');
    assert.equal(next.view.entries.has(A), false);
    assert.equal(await disk.lstat(partOf(A)), undefined);
  });

  test('waits for a disk that is not mounted, over any number of runs', async () => {
    const disk = await folder();
    const { ledger } = await open(disk);
    await stage(ledger, disk, 'staged');
    await disk.rename(partOf(A), '/elsewhere');
    await disk.removeEmptyDirectory(OUT);
    for (let run = 0; run < 3; run += 1) {
      const { ledger: waiting, notices } = await open(disk);
      assert.ok(notices.some(({ code }) => code === 'LEDGER_RECOVERY_DEFERRED'));
      assert.equal(waiting.view.staged.size, 1);
      assert.equal(waiting.view.serial, 0);
      await waiting.close();
    }
    await disk.makeDirectory(OUT);
    await disk.rename('/elsewhere', partOf(A));
    await session(disk, () => Promise.resolve());
    assert.equal((await view(disk)).entries.get(A)?.output.sha256, sha256Of('staged'));
    assert.equal((await disk.readFile(A)).toString(), 'staged');
  });

  test('never removes a file that was not leased: the old place of a move', async () => {
    const disk = await folder();
    const old = path(`${OUT}/old.opus`);
    await disk.writeNew(old, ['edited by hand']);
    const { ledger } = await open(disk);
    await ledger.staged(entryOf(A, 'what it was'), old, undefined);
    await session(disk, () => Promise.resolve());
    assert.equal((await disk.readFile(old)).toString(), 'edited by hand');
    assert.equal((await view(disk)).staged.size, 0);
  });

  test('runs at close for what the run left open', async () => {
    const disk = await folder();
    await session(disk, (ledger) => stage(ledger, disk, 'staged'));
    const { entries, staged } = await view(disk);
    assert.equal(staged.size, 0);
    assert.equal(entries.get(A)?.output.stat, (await disk.lstat(A))?.stat);
  });
});

async function stage(ledger: Ledger, disk: MemoryDisk, content: string): Promise<void> {
  await ledger.leased(A, partOf(A));
  await disk.writeNew(partOf(A), [content]);
  const part = await disk.lstat(partOf(A));
  await ledger.staged(entryOf(A, content, part?.stat ?? ''), partOf(A), undefined);
}
