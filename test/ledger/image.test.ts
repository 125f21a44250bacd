import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';
import type { AbsolutePath } from '#src/lib/brand.js';
import type { Disk } from '#src/lib/disk.js';
import type { LedgerView } from '#src/ledger/entry.js';
import { readLedger } from '#src/ledger/read.js';
import {
  BASE,
  OUT,
  STATE,
  entryOf,
  failureOf,
  make,
  open,
  path,
  sha256Of,
} from '../support/ledger-rig.js';
import { MemoryDisk } from '../support/memory-disk.js';
import { seededRandom } from '../support/seeded-random.js';

const IMAGE = `${STATE}/image`;
/** Outputs of all kinds: plain ones, one that is stored with an escape, one that is not ASCII. */
const NAMES = ['a', 'b', 'c', 'd', 'say "e"', 'é'].map((name) => `${OUT}/${name}.opus`);
/** An image is kept from the first row on. */
const KEPT = { imageFrom: 1 };

/** A ledger of all kinds of rows, closed; no image yet. */
async function ledgerOf(names: readonly string[] = NAMES): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  for (const made of await disk.makeDirectory(OUT)) await disk.syncDirectory(dirname(made));
  const { ledger } = await open(disk);
  for (const output of names) await make(ledger, disk, { output, content: output });
  await ledger.failed(failureOf(`${OUT}/f.opus`));
  await ledger.madeDirectories([path(`${OUT}/new`)]);
  await ledger.close();
  return disk;
}

async function withImage(names: readonly string[] = NAMES): Promise<MemoryDisk> {
  const disk = await ledgerOf(names);
  const { ledger } = await open(disk, KEPT);
  await ledger.close();
  assert.ok(disk.files.includes(IMAGE));
  return disk;
}

interface Told {
  readonly view: unknown;
  /** Shards whose rows were parsed. */
  readonly parsed: readonly string[];
}

async function tell(disk: MemoryDisk, base: AbsolutePath = BASE): Promise<Told> {
  const parsed: string[] = [];
  const watched = new Proxy<Disk>(disk, {
    get: (target, name: keyof Disk) =>
      name === 'readPieces'
        ? (file: string) => {
            if (file.includes('/shards/')) parsed.push(file);
            return target.readPieces(file);
          }
        : target[name].bind(target),
  });
  const read = await readLedger(STATE, base, watched);
  assert.ok(read.ok);
  return { view: contentOf(read.value), parsed };
}

function contentOf({ entries, failures, directories, ...view }: LedgerView): unknown {
  return {
    entries: [...entries.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    failures: new Map(failures),
    directories: new Set(directories),
    numbers: [view.lineage, view.owner, view.serial, view.epoch],
  };
}

function entriesIn(view: unknown): unknown {
  return (view as { readonly entries: unknown }).entries;
}

interface Header {
  readonly version: number;
  readonly sha256: string;
  readonly shards: readonly string[];
}

function headerOf(image: Buffer): Header {
  return JSON.parse(image.toString('utf8', 0, image.indexOf('\n'))) as Header;
}

/** What the shards alone tell. */
async function truth(disk: MemoryDisk, base?: AbsolutePath): Promise<unknown> {
  const image = await disk.readFile(IMAGE).catch(() => undefined);
  await disk.remove(IMAGE);
  const { view, parsed } = await tell(disk, base);
  assert.ok(parsed.length > 0);
  if (image !== undefined) await disk.writeNew(IMAGE, [image]);
  return view;
}

test('what is in the image need not be parsed', async () => {
  const disk = await withImage();
  const { view, parsed } = await tell(disk);
  assert.deepEqual(parsed, []);
  assert.deepEqual(view, await truth(disk));
});

test('later shards and the journal come on top of it', async () => {
  const disk = await withImage();
  const { ledger } = await open(disk);
  await make(ledger, disk, { output: NAMES[0]!, content: 'new' });
  await make(ledger, disk, { output: NAMES[4]!, content: 'new too' });
  await ledger.dropped(path(NAMES[1]!), 'forgotten');
  await ledger.updated({ ...entryOf(NAMES[2]!, NAMES[2]!), set: 'car' });
  const open2 = await tell(disk);
  assert.deepEqual(open2.parsed, []);
  assert.deepEqual(open2.view, await truth(disk));
  await ledger.close();
  const closed = await tell(disk);
  assert.equal(closed.parsed.length, 1);
  assert.deepEqual(closed.view, await truth(disk));
});

test('it is made anew when too much has come since, and no sooner', async () => {
  const many = Array.from({ length: 40 }, (_, index) => `${OUT}/${index}.opus`);
  const disk = await withImage(many);
  const change = async (names: readonly string[]): Promise<string> => {
    const { ledger } = await open(disk);
    for (const output of names) await make(ledger, disk, { output, content: `new ${output}` });
    await ledger.close();
    const again = await open(disk, KEPT);
    await again.ledger.close();
    assert.deepEqual((await tell(disk)).view, await truth(disk));
    return sha256Of(await disk.readFile(IMAGE));
  };
  const first = sha256Of(await disk.readFile(IMAGE));
  assert.equal(await change(many.slice(0, 1)), first);
  assert.notEqual(await change(many.slice(0, 20)), first);
  assert.deepEqual((await tell(disk)).parsed, []);
});

test('whatever is wrong with it, the shards tell', async () => {
  const disk = await withImage();
  const image = await disk.readFile(IMAGE);
  const expected = await truth(disk);
  const line = image.indexOf('\n');
  const header = headerOf(image);
  const claims = (change: Record<string, unknown>): Buffer =>
    Buffer.concat([
      Buffer.from(`${JSON.stringify({ ...header, ...change })}\n`),
      image.subarray(line + 1),
    ]);
  assert.deepEqual(await useOf(claims({})), []);
  const cuts = [0, 1, line, line + 1, line + 5, image.length - 1].map((end) =>
    image.subarray(0, end),
  );
  const flips = Array.from({ length: 40 }, (_, index) => {
    const flipped = Buffer.from(image);
    const at = Math.floor((index * image.length) / 40);
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    return flipped;
  });
  const lies = [
    { version: 2 },
    { format: 'x' },
    { base: '/elsewhere' },
    { endianness: 'BE' },
    { sha256: 'x' },
    { shards: 'x' },
    { shards: [...header.shards, 'x'] },
  ].map(claims);
  const others = ['', 'null\n', '[]\n', 'x'.repeat(100)].map((text) => Buffer.from(text));
  for (const [at, wrong] of [...cuts, ...flips, ...lies, ...others].entries())
    assert.equal((await useOf(wrong)).length, 1, `wrong image ${at}`);

  async function useOf(content: Buffer): Promise<readonly string[]> {
    await disk.remove(IMAGE);
    await disk.writeNew(IMAGE, [content]);
    const { view, parsed } = await tell(disk);
    assert.deepEqual(view, expected);
    return parsed;
  }
});

test('one that cannot be read is none', async () => {
  const disk = await withImage();
  const expected = await truth(disk);
  disk.fail = ({ name, path: at }) => (name === 'readFile' && at === IMAGE ? 'EACCES' : undefined);
  assert.deepEqual((await tell(disk)).view, expected);
});

test('a folder that was moved has an image again after the next run', async () => {
  const disk = await withImage();
  const moved = '/music/out' as AbsolutePath;
  const { view, parsed } = await tell(disk, moved);
  assert.equal(parsed.length, 1);
  assert.deepEqual(view, await truth(disk, moved));
});

test('shards that are damaged are told of, image or not', async () => {
  const disk = await withImage();
  const shard = disk.files.find((file) => file.includes('/shards/')) ?? '';
  const content = await disk.readFile(shard);
  await disk.remove(shard);
  await disk.writeNew(shard, [content.subarray(0, content.length / 2)]);
  assert.deepEqual((await tell(disk)).view, await truth(disk));
  const { ledger, notices } = await open(disk, KEPT);
  assert.deepEqual(
    notices.map(({ code }) => code),
    ['LEDGER_SHARD_DAMAGED'],
  );
  await ledger.close();
});

test('few rows have none, and one that is of no use goes', async () => {
  const few = await ledgerOf();
  await (await open(few, { imageFrom: 100 })).ledger.close();
  assert.ok(!few.files.includes(IMAGE));
  const disk = await withImage();
  await (await open(disk, { rewrite: true })).ledger.close();
  assert.ok(disk.files.includes(IMAGE));
  await (await open(disk, { imageFrom: 100 })).ledger.close();
  assert.ok(!disk.files.includes(IMAGE));
});

test('a repair does not believe it', async () => {
  const disk = await withImage();
  const expected = entriesIn((await tell(disk)).view);
  const other = await withImage(NAMES.slice(1));
  const forged = await other.readFile(IMAGE);
  const line = forged.indexOf('\n');
  const { shards } = headerOf(await disk.readFile(IMAGE));
  await disk.remove(IMAGE);
  const text = `${JSON.stringify({ ...headerOf(forged), shards })}\n`;
  await disk.writeNew(IMAGE, [text, forged.subarray(line + 1)]);
  assert.notDeepEqual(entriesIn((await tell(disk)).view), expected);
  await (await open(disk, { rewrite: true })).ledger.close();
  assert.deepEqual(entriesIn((await tell(disk)).view), expected);
});

test('what else stands beside the ledger is left alone', async () => {
  const disk = await withImage();
  const strangers = ['image.jpg', 'image.new.txt', 'ledger.json.bak'].map(
    (name) => `${STATE}/${name}`,
  );
  for (const file of [...strangers, `${IMAGE}.new`]) await disk.writeNew(file, ['x']);
  const { ledger } = await open(disk);
  await ledger.close();
  assert.deepEqual(
    strangers.filter((file) => !disk.files.includes(file)),
    [],
  );
  assert.ok(!disk.files.includes(`${IMAGE}.new`));
});

test('where it cannot be written there is none, and nothing else is wrong', async () => {
  for (const step of ['writeNew', 'rename'] as const) {
    const disk = await ledgerOf();
    disk.fail = ({ name, path: at }) =>
      name === step && at.startsWith(IMAGE) ? 'ENOSPC' : undefined;
    const { ledger } = await open(disk, KEPT);
    await ledger.close();
    assert.ok(!disk.files.includes(IMAGE));
    disk.fail = () => undefined;
    const again = await open(disk, KEPT);
    await again.ledger.close();
    assert.deepEqual(
      disk.files.filter((file) => file.startsWith(IMAGE)),
      [IMAGE],
    );
  }
});

test('wherever an opening that makes one is killed, the ledger is what it was', async () => {
  const random = seededRandom(7);
  const entries = async (disk: MemoryDisk): Promise<unknown> => entriesIn((await tell(disk)).view);
  for (const losesPower of [false, true]) {
    for (let step = 1; ; step += 1) {
      const disk = await ledgerOf();
      const expected = await entries(disk);
      disk.restart();
      disk.crashAt = step;
      await open(disk, KEPT).catch(() => undefined);
      if (!disk.isCrashed) break;
      disk.restart(losesPower ? random : undefined);
      assert.deepEqual(await entries(disk), expected, `step ${step}`);
      const { ledger } = await open(disk, KEPT);
      await ledger.close();
      assert.deepEqual(await entries(disk), expected, `step ${step}`);
    }
  }
});

test('the form of an image is that of its version', async () => {
  const disk = await withImage(NAMES.slice(0, 2));
  const { version, sha256 } = headerOf(await disk.readFile(IMAGE));
  // Where the digest is another one, rows are packed in another way: then the version is to be raised.
  assert.deepEqual(
    { version, sha256 },
    { version: 1, sha256: 'a6fb6c574622029cd8afd5160f51e598ae485b47bb8c50a3a62b0087230fff46' },
  );
});
