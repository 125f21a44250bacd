import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { backupLedger } from '#src/ledger/backup.js';
import { inspectLedger } from '#src/ledger/inspect.js';
import { nodeDisk } from '#src/lib/node-disk.js';
import { Story } from '../support/story.js';

async function applied(context: TestContext): Promise<Story> {
  const story = new Story(context);
  story.manifest({ outputs: [{ codec: 'opus', to: './out', prune: true }] });
  for (const name of ['a', 'b']) story.track(`${name}.flac`);
  await story.apply();
  return story;
}

function backup(story: Story, name = 'backup.tar') {
  const { clock } = story;
  const directory = story.path('.flac2all');
  return backupLedger({ directory, file: story.path(name), disk: nodeDisk, clock });
}

test('a backup that is unpacked in its place is the ledger that it was', async (context) => {
  const story = await applied(context);
  const written = await backup(story);
  assert.ok(written.ok);
  rmSync(story.path('in/a.flac'));
  await story.apply();
  rmSync(story.path('.flac2all'), { recursive: true });
  execFileSync('tar', ['-xf', story.path('backup.tar')], { cwd: story.root });
  assert.deepEqual(await story.plan(), ['forget out/a.opus']);
  await story.apply();
  assert.deepEqual(await story.plan(), []);
  assert.deepEqual(Object.keys(story.tree()), ['b.opus']);
});

test('a backup while a run is at work is the ledger of that moment', async (context) => {
  const story = await applied(context);
  story.track('c.flac');
  story.track('d.flac');
  await story.apply({
    confirm: async () => {
      assert.ok((await backup(story, 'busy.tar')).ok);
      return true;
    },
  });
  rmSync(story.path('.flac2all'), { recursive: true });
  execFileSync('tar', ['-xf', story.path('busy.tar')], { cwd: story.root });
  const seen = await inspectLedger(story.path('.flac2all'), story.root, nodeDisk);
  assert.ok(seen.ok);
  assert.deepEqual([seen.value.view.entries.size, seen.value.damaged], [2, []]);
  assert.deepEqual(await story.plan(), ['conflict out/c.opus', 'conflict out/d.opus']);
});

test('a damaged ledger is not backed up, nor a file replaced, nor a part left', async (context) => {
  const story = await applied(context);
  story.plant('backup.tar', 'yesterday');
  const there = await backup(story);
  assert.equal(there.ok ? 'ok' : there.error.code, 'FILE_EXISTS');
  assert.equal(readFileSync(story.path('backup.tar'), 'utf8'), 'yesterday');
  const [shard = ''] = readdirSync(story.path('.flac2all/shards'));
  const file = story.path(`.flac2all/shards/${shard}`);
  writeFileSync(file, readFileSync(file, 'utf8').replace('opus', 'opux'));
  const names = readdirSync(story.root);
  const damaged = await backup(story, 'new.tar');
  assert.equal(damaged.ok ? 'ok' : damaged.error.code, 'LEDGER_UNREADABLE');
  assert.deepEqual(readdirSync(story.root), names);
  const unwritable = await backup(story, 'no/such/folder.tar');
  assert.equal(unwritable.ok ? 'ok' : unwritable.error.code, 'FILE_UNWRITABLE');
});

test('where there is no ledger there is nothing to back up', async (context) => {
  const story = new Story(context);
  const written = await backup(story);
  assert.equal(written.ok ? 'ok' : written.error.code, 'LEDGER_UNREADABLE');
  assert.deepEqual(readdirSync(story.root), []);
});
