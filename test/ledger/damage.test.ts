import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { LedgerView } from '#src/ledger/entry.js';
import { readLedger } from '#src/ledger/read.js';
import {
  BASE,
  OUT,
  STATE,
  entryOf,
  make,
  open,
  path,
  sha256Of,
  tryOpen,
} from '../support/ledger-rig.js';
import { MemoryDisk } from '../support/memory-disk.js';
import { seededRandom } from '../support/seeded-random.js';

const NAMES = ['a', 'b', 'c', 'd', 'e'].map((name) => `${OUT}/${name}.opus`);

async function folder(): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  await disk.makeDirectory(OUT);
  return disk;
}

async function view(disk: MemoryDisk): Promise<LedgerView> {
  const read = await readLedger(STATE, BASE, disk);
  assert.ok(read.ok);
  return read.value;
}

/** Two old rows in a shard; then a run that made or changed five outputs and was killed. */
async function killedRun(): Promise<{ readonly disk: MemoryDisk; readonly journal: string }> {
  const disk = await folder();
  const { ledger } = await open(disk);
  await make(ledger, disk, { output: NAMES[0]!, content: 'old' });
  await make(ledger, disk, { output: NAMES[1]!, content: 'b' });
  await ledger.close();
  const killed = await open(disk);
  await make(killed.ledger, disk, { output: NAMES[0]!, content: 'new' });
  for (const output of NAMES.slice(2)) await make(killed.ledger, disk, { output, content: output });
  return { disk, journal: `${STATE}/journal/${killed.ledger.view.epoch}.jsonl` };
}

/** A verified row whose checksum is not the file's would let a file be deleted that is not ours. */
async function assertNoWrongClaim(disk: MemoryDisk, label: string): Promise<void> {
  const { ledger } = await open(disk);
  for (const [output, entry] of ledger.view.entries) {
    if (entry.unverified === true) continue;
    const content = await disk.readFile(output);
    assert.equal(entry.output.sha256, sha256Of(content), `${label}: ${output}`);
  }
  await ledger.close();
  assert.deepEqual(
    disk.files.filter((file) => file.endsWith('f2a-part')),
    [],
    label,
  );
}

describe('a journal', () => {
  test('cut at any byte keeps the records in front of the cut', async () => {
    const { disk, journal } = await killedRun();
    const whole = await disk.readFile(journal);
    for (let length = 0; length < whole.length; length += 1) {
      disk.tamper(journal, whole.subarray(0, length));
      const lines = whole.subarray(0, length).toString().split('\n').length - 1;
      const { entries } = await view(disk);
      assert.equal([...entries.values()].filter((entry) => entry.unverified).length, 0);
      // run, then leased, staged and done of each output; a line is whole also without its end
      const done = [lines, lines + 1].map((records) => Math.max(0, Math.floor((records - 1) / 3)));
      const rows = done.map((outputs) => 2 + Math.max(0, outputs - 1));
      assert.ok(rows.includes(entries.size), `cut at ${length}: ${entries.size} rows`);
      // Promised records were cut off without a trace: what is left is what was true before.
      const { sha256 } = entries.get(path(NAMES[0]!))!.output;
      assert.ok([sha256Of('old'), sha256Of('new')].includes(sha256));
    }
  });

  test('with any byte flipped makes no wrong claim and keeps all other outputs', async () => {
    const { disk, journal } = await killedRun();
    const whole = await disk.readFile(journal);
    const random = seededRandom(3);
    let damaged = 0;
    for (let at = 0; at < whole.length; at += 1 + Math.floor(random() * 40)) {
      const flipped = await killedRun();
      const data = Buffer.from(whole);
      data[at]! ^= 1 << Math.floor(random() * 8);
      flipped.disk.tamper(flipped.journal, data);
      const seen = await view(flipped.disk);
      assert.ok(seen.entries.size >= 4, `${at}: ${seen.entries.size} rows`);
      if ([...seen.entries.values()].some((entry) => entry.unverified)) damaged += 1;
      await assertNoWrongClaim(flipped.disk, `flipped at ${at}`);
    }
    assert.ok(damaged > 20, 'damage in the middle is noticed');
  });

  test('with any byte another, or a line break, is read without a wrong claim', async () => {
    const { disk, journal } = await killedRun();
    const whole = await disk.readFile(journal);
    for (const [at, broken] of brokenBytes(whole)) {
      disk.tamper(journal, broken);
      const { entries } = await view(disk);
      assert.ok(entries.size >= 4, `${at}: ${entries.size} rows`);
      await assertHonest(disk, entries, `byte ${at}`);
    }
  });

  test('that is damaged is reported once and set aside', async () => {
    const { disk, journal } = await killedRun();
    const text = (await disk.readFile(journal)).toString().split('\n');
    text.splice(3, 1);
    disk.tamper(journal, Buffer.from(text.join('\n')));
    const { ledger, notices } = await open(disk);
    assert.ok(notices.some(({ code }) => code === 'LEDGER_JOURNAL_DAMAGED'));
    assert.equal(ledger.view.entries.get(path(NAMES[1]!))?.unverified, true, 'old rows');
    assert.equal(ledger.view.entries.get(path(NAMES[4]!))?.unverified, undefined, 'recorded later');
    await ledger.close();
    assert.equal((await disk.list(`${STATE}/damaged`)).length, 1);
    assert.deepEqual((await open(disk)).notices, []);
  });

  test('torn within an unsynced batch is no damage', async () => {
    const disk = await folder();
    const { ledger } = await open(disk);
    await ledger.updated(entryOf(`${OUT}/1`, '1'));
    await Promise.all(
      ['2', '3', '4'].map((name) => ledger.updated(entryOf(`${OUT}/${name}`, name))),
    );
    const journal = `${STATE}/journal/1.jsonl`;
    const data = await disk.readFile(journal);
    const lines = data.toString().split('\n');
    const hole = lines.slice(0, 2).join('\n').length + 1;
    disk.tamper(
      journal,
      Buffer.concat([data.subarray(0, hole), data.subarray(hole).fill(0, 0, 20)]),
    );
    const seen = await view(disk);
    assert.equal(seen.entries.has(path(`${OUT}/1`)), true);
    assert.equal(seen.entries.has(path(`${OUT}/2`)), false, 'was in the hole');
    assert.equal([...seen.entries.values()].filter((entry) => entry.unverified).length, 0);
  });

  test('that is missing makes all rows unverified', async () => {
    const { disk, journal } = await killedRun();
    await disk.remove(journal);
    const { entries } = await view(disk);
    assert.deepEqual(
      [...entries.values()].map((entry) => entry.unverified),
      [true, true],
    );
  });
});

describe('a shard', () => {
  test('with any byte flipped gives unverified rows, once, and is set aside', async () => {
    const pristine = await folder();
    const shard = await fillShards(pristine);
    const whole = await pristine.readFile(shard);
    for (let at = 0; at < whole.length; at += 11) {
      const disk = await folder();
      await fillShards(disk);
      const data = Buffer.from(whole);
      data[at]! ^= 4;
      disk.tamper(shard, data);
      const { ledger, notices } = await open(disk);
      assert.deepEqual(
        notices.map(({ code }) => code),
        ['LEDGER_SHARD_DAMAGED'],
      );
      const { entries, serial } = ledger.view;
      assert.ok(entries.size >= 1 && entries.size <= 3, `${entries.size} rows`);
      const last = entries.get(path(NAMES[2]!));
      assert.equal(last?.unverified, undefined, 'newer shards are whole');
      const others = [...entries.values()].filter((entry) => entry.path !== NAMES[2]);
      assert.ok(others.every((entry) => entry.unverified === true));
      await ledger.close();
      assert.equal((await disk.list(`${STATE}/damaged`)).length, 1);
      const again = await view(disk);
      assert.equal(again.serial, serial);
      assert.equal(again.entries.size, entries.size);
    }
  });

  test('cut at any byte, or with any byte another, makes no wrong claim', async () => {
    const disk = await folder();
    const shard = await makeShards(disk);
    const whole = await disk.readFile(shard);
    const cuts = Array.from(whole.keys(), (at) => [at, whole.subarray(0, at)] as const);
    for (const [at, broken] of [...cuts, ...brokenBytes(whole)]) {
      disk.tamper(shard, broken);
      const { entries } = await view(disk);
      const old = NAMES.slice(0, 2).flatMap((name) => entries.get(path(name)) ?? []);
      assert.ok(
        old.every(({ unverified }) => unverified === true),
        `byte ${at}: old rows are believed`,
      );
      await assertHonest(disk, entries, `byte ${at}`);
    }
    disk.tamper(shard, whole);
    assert.equal((await view(disk)).entries.size, 3);
  });

  test('that is missing makes older rows unverified', async () => {
    const disk = await folder();
    const shard = await fillShards(disk);
    await disk.remove(shard);
    const seen = await view(disk);
    assert.deepEqual([...seen.entries.keys()], [NAMES[2]]);
  });
});

/** An old shard that says what a newer one contradicts; returns the old one. */
async function makeShards(disk: MemoryDisk): Promise<string> {
  const first = await open(disk);
  for (const output of NAMES.slice(0, 3))
    await make(first.ledger, disk, { output, content: 'old' });
  await first.ledger.close();
  const [shard] = await disk.list(`${STATE}/shards`);
  const second = await open(disk);
  await make(second.ledger, disk, { output: NAMES[2]!, content: 'new' });
  await second.ledger.close();
  return `${STATE}/shards/${shard}`;
}

/** A verified row is that of the file that stands there. */
async function assertHonest(
  disk: MemoryDisk,
  entries: LedgerView['entries'],
  label: string,
): Promise<void> {
  for (const [output, entry] of entries) {
    if (entry.unverified === true) continue;
    const content = await disk.readFile(output);
    assert.equal(entry.output.sha256, sha256Of(content), `${label}: ${output}`);
  }
}

/** The bytes with each one changed in turn: one bit of it flipped, or a line broken there. */
function* brokenBytes(whole: Buffer): Generator<readonly [number, Buffer]> {
  for (const at of whole.keys()) {
    for (const broken of [whole[at]! ^ (1 << (at % 8)), 0x0a]) {
      const data = Buffer.from(whole);
      data[at] = broken;
      if (!data.equals(whole)) yield [at, data];
    }
  }
}

/** Two rows in an old shard, one in a newer; returns the old one. */
async function fillShards(disk: MemoryDisk): Promise<string> {
  const { ledger } = await open(disk);
  await ledger.updated(entryOf(NAMES[0]!, 'a'));
  await ledger.updated(entryOf(NAMES[1]!, 'b'));
  await ledger.close();
  const again = await open(disk);
  await again.ledger.updated(entryOf(NAMES[2]!, 'c'));
  await again.ledger.close();
  const shards = (await disk.list(`${STATE}/shards`)).toSorted();
  assert.equal(shards.length, 2);
  return `${STATE}/shards/${shards[0]}`;
}

/** White space between the members of a JSON document says nothing. */
function isSameRoot(broken: Buffer, whole: Buffer): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(broken.toString()), JSON.parse(whole.toString()));
  } catch {
    return false;
  }
}

describe('a root', () => {
  test('cut, with any byte another, or missing, is never taken for an empty ledger', async () => {
    const disk = await folder();
    await fillShards(disk);
    const root = `${STATE}/ledger.json`;
    const whole = await disk.readFile(root);
    const cuts = Array.from(whole.keys(), (at) => [at, whole.subarray(0, at)] as const);
    for (const [at, broken] of [...cuts, ...brokenBytes(whole)]) {
      if (isSameRoot(broken, whole)) continue;
      disk.tamper(root, broken);
      const { result } = await tryOpen(disk);
      assert.ok(!result.ok, `byte ${at}`);
      assert.match(result.error.code, /^LEDGER_(UNREADABLE|NEWER)$/, `byte ${at}`);
      assert.ok(result.error.message.includes(root), result.error.message);
    }
    await disk.remove(root);
    const { result } = await tryOpen(disk);
    assert.equal(result.ok ? '' : result.error.code, 'LEDGER_UNREADABLE');
    const read = await readLedger(STATE, BASE, disk);
    assert.equal(read.ok ? '' : read.error.code, 'LEDGER_UNREADABLE');
  });

  test('of a newer version is refused by name', async () => {
    const disk = await folder();
    await fillShards(disk);
    const root = `${STATE}/ledger.json`;
    const text = (await disk.readFile(root)).toString();
    disk.tamper(root, Buffer.from(text.replace('"version": 1', '"version": 7')));
    const { result } = await tryOpen(disk);
    assert.equal(result.ok ? '' : result.error.code, 'LEDGER_NEWER');
    assert.match(result.ok ? '' : result.error.message, /version 7.*version 1/);
  });
});
