import assert from 'node:assert/strict';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { nodeDisk } from '#src/lib/node-disk.js';
import { collectTrash } from '#src/run/collect-trash.js';
import { statusOf } from '#src/run/status.js';
import { Story } from '../support/story.js';

const OPUS = { codec: 'opus', to: './out', prune: true } as const;
const DAY_MS = 86_400_000;

async function pruned(context: TestContext): Promise<Story> {
  const story = new Story(context);
  story.manifest({ outputs: [OPUS], policy: { trash: '30d' } });
  for (const track of [1, 2, 3]) story.track(`A/${track}.flac`, { audio: track });
  await story.apply();
  rmSync(story.path('in/A/1.flac'));
  await story.apply();
  return story;
}

function inTrash(story: Story): readonly string[] {
  const names = Object.entries(story.tree()).filter(([, content]) => content !== '/');
  return names.flatMap(([name]) => (name.startsWith('.flac2all-trash/') ? [name] : []));
}

async function gc(story: Story, olderThanMs: number) {
  const collected = await collectTrash(await story.loaded(), {
    disk: nodeDisk,
    clock: story.clock,
    emit: () => undefined,
    command: 'gc',
    olderThanMs,
    confirm: () => Promise.resolve(true),
    signal: new AbortController().signal,
  });
  if (!collected.ok) assert.fail(collected.error.message);
  return collected.value;
}

test('what is pruned lies in the trash under its path and the time, and is no output any more', async (context) => {
  const story = await pruned(context);
  const [name = '', ...more] = inTrash(story);
  assert.deepEqual(more, []);
  assert.match(name, /^\.flac2all-trash\/\d{4}-\d\d-\d\dT\d{6}Z\/A\/1\.opus$/);
  assert.deepEqual(await story.plan(), []);
  const [set] = statusOf(await story.planned()).sets;
  assert.deepEqual([set?.upToDate, set?.orphaned, set?.trashed], [2, 0, 1]);
});

test('gc removes what is old enough, then the empty folders', async (context) => {
  const story = await pruned(context);
  assert.deepEqual((await gc(story, DAY_MS)).removed, 0);
  story.clock.tick(2 * DAY_MS);
  assert.equal(inTrash(story).length, 1);
  const { removed, kept, left } = await gc(story, DAY_MS);
  assert.deepEqual({ removed, kept, left }, { removed: 1, kept: [], left: 0 });
  assert.deepEqual(Object.keys(story.tree()), ['A', 'A/2.opus', 'A/3.opus']);
  assert.deepEqual(await story.plan(), []);
});

test('gc keeps what is not what was put there', async (context) => {
  const story = await pruned(context);
  const [name = ''] = inTrash(story);
  writeFileSync(story.path(`out/${name}`), 'somebody’s');
  const { removed, kept } = await gc(story, 0);
  assert.equal(removed, 0);
  assert.deepEqual(
    kept.map(({ text }) => text),
    ['changed since it was made'],
  );
  assert.deepEqual(inTrash(story), [name]);
});

test('a file that was taken out of the trash by hand is nobody’s, and gc goes on', async (context) => {
  const story = await pruned(context);
  const [name = ''] = inTrash(story);
  renameSync(story.path(`out/${name}`), story.path('out/A/1.opus'));
  assert.deepEqual(await story.plan(), []);
  assert.equal((await gc(story, 0)).left, 0);
  assert.deepEqual(Object.keys(story.tree()), ['A', 'A/1.opus', 'A/2.opus', 'A/3.opus']);
});

test('a source that comes back is made again, and deleted again beside the first', async (context) => {
  const story = await pruned(context);
  story.track('A/1.flac', { audio: 1 });
  assert.deepEqual((await story.apply()).made, ['create out/A/1.opus']);
  rmSync(story.path('in/A/1.flac'));
  story.clock.tick(5000);
  await story.apply();
  assert.equal(inTrash(story).length, 2);
});

test('the trash is never taken for a source', async (context) => {
  const story = await pruned(context);
  story.plant('in/.flac2all-trash/2026-01-01T000000Z/x.flac', 'not even read');
  assert.deepEqual(await story.plan(), []);
});

test('a set that is gone from the manifest has its trash in its outermost folder', async (context) => {
  const story = await pruned(context);
  story.manifest({
    outputs: [{ codec: 'mp3', to: './other', prune: true }],
    policy: { trash: '30d' },
  });
  await story.apply();
  assert.equal(inTrash(story).length, 3);
  assert.deepEqual(await story.plan(), []);
  assert.equal((await gc(story, 0)).removed, 3);
  assert.deepEqual(story.tree(), {});
});

test('what cannot be put into the trash stays an output in the ledger', async (context) => {
  const story = await pruned(context);
  rmSync(story.path('in/A/2.flac'));
  const blocked = story.path('out/.flac2all-trash');
  rmSync(blocked, { recursive: true });
  writeFileSync(blocked, 'in the way');
  const { events } = await story.apply();
  assert.equal(events.filter(({ type }) => type === 'file-kept').length, 1);
  assert.deepEqual(await story.plan(), ['delete out/A/2.opus']);
  rmSync(blocked);
  await story.apply();
  assert.deepEqual(Object.keys(story.tree('out/A')), ['3.opus']);
});

test('apply tells of what is old in the trash', async (context) => {
  const story = await pruned(context);
  story.clock.tick(31 * DAY_MS);
  const { events } = await story.apply();
  const codes = events.flatMap((event) => (event.type === 'notice' ? [event.code] : []));
  assert.deepEqual(codes, ['TRASH_OLD']);
});
