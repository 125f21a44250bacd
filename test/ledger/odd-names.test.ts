import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLedger } from '#src/ledger/read.js';
import { BASE, entryOf, open, path, STATE } from '../support/ledger-rig.js';
import { MemoryDisk } from '../support/memory-disk.js';

/** The last two are the same bytes on the way to a disk. */
const NAMES = [
  '/music/a.opus',
  '/music/ü/Ä.opus',
  '/music/ＡＢ 𝄞.opus',
  '/music/say "hi"\\\n\t.opus',
  '/music',
  '/elsewhere/a.opus',
  `/music/${'long/'.repeat(2000)}a.opus`,
  '/music/\uFFFD.opus',
  '/music/\uD800.opus',
];

async function entriesOf(disk: MemoryDisk) {
  const read = await readLedger(STATE, BASE, disk);
  assert.ok(read.ok);
  return read.value.entries;
}

test('names of any characters come back from the shards, each as itself', async () => {
  const disk = new MemoryDisk();
  await disk.makeDirectory(BASE);
  const rows = NAMES.map((name) => entryOf(name, name));
  const { ledger } = await open(disk);
  for (const row of rows) await ledger.updated(row);
  await ledger.close();
  const entries = await entriesOf(disk);
  assert.equal(entries.size, rows.length);
  for (const row of rows) assert.deepEqual(entries.get(row.path), row);
  const recorded = entries.recordedSources(() => true);
  for (const { source } of rows) assert.deepEqual(recorded(source.path)[0]?.path, source.path);
  assert.equal(entries.get(path('/music/\uD801.opus')), undefined);
});

test('a newer shard has the last word, whether its rows are plain or not', async () => {
  const disk = new MemoryDisk();
  await disk.makeDirectory(BASE);
  const versions = ['1:1:1:1', 'a stat of another kind', '2:2:2:2'];
  for (const stat of versions) {
    const { ledger } = await open(disk);
    for (let filler = 0; filler < 8; filler += 1) {
      await ledger.updated(entryOf(`/music/${stat.length}/${filler}.opus`, 'filler'));
    }
    await ledger.updated(entryOf('/music/a.opus', stat, stat));
    await ledger.close();
    const entries = await entriesOf(disk);
    assert.equal(entries.get(path('/music/a.opus'))?.output.stat, stat);
    assert.equal([...entries.keys()].filter((one) => one === '/music/a.opus').length, 1);
  }
  const { ledger } = await open(disk);
  await ledger.dropped(path('/music/a.opus'), 'forgotten');
  await ledger.close();
  const entries = await entriesOf(disk);
  assert.equal(entries.has(path('/music/a.opus')), false);
  assert.equal(entries.size, [...entries.values()].length);
});
