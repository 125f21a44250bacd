import assert from 'node:assert/strict';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { nodeDisk } from '#src/lib/node-disk.js';
import { ok } from '#src/lib/result.js';
import { proposeAccept } from '#src/run/accept-outputs.js';
import type { EditOptions, Proposal } from '#src/run/edit-ledger.js';
import { editLedger } from '#src/run/edit-ledger.js';
import { proposeFollow } from '#src/run/follow-rows.js';
import { proposeForget, rowSelector } from '#src/run/forget-rows.js';
import { proposeRepair } from '#src/run/repair-rows.js';
import { Story } from '../support/story.js';

const OPUS = { codec: 'opus', to: './out', prune: true } as const;

async function applied(context: TestContext): Promise<Story> {
  const story = new Story(context);
  story.manifest({ outputs: [OPUS] });
  for (const name of ['A/a', 'A/b', 'B/c']) story.track(`${name}.flac`);
  await story.apply();
  return story;
}

async function edit(
  story: Story,
  options: Pick<EditOptions, 'propose'> & Partial<EditOptions>,
): Promise<Proposal> {
  const edited = await editLedger(await story.loaded(), {
    disk: nodeDisk,
    clock: story.clock,
    emit: () => undefined,
    command: 'test',
    confirm: () => Promise.resolve(true),
    ...options,
  });
  if (!edited.ok) assert.fail(`${edited.error.code}: ${edited.error.message}`);
  return edited.value;
}

async function forget(story: Story, ...names: readonly string[]): Promise<Proposal> {
  const select = rowSelector(await story.loaded(), names, story.root);
  return edit(story, { propose: (view) => Promise.resolve(proposeForget(view, select)) });
}

function follow(story: Story, from: string, to: string): Promise<Proposal> {
  const moved = { from: story.path(from), to: story.path(to) };
  return edit(story, { propose: (view) => proposeFollow(view, moved, nodeDisk) });
}

test('rows are forgotten by path, folder or pattern; their files stay and are nobody’s', async (context) => {
  for (const name of ['out/A', 'A/*', 'out/A/*.opus']) {
    const story = await applied(context);
    const before = story.tree();
    assert.equal((await forget(story, name)).edits.length, 2, name);
    assert.deepEqual(story.tree(), before);
  }
});

test('forgotten outputs are in the way of new ones', async (context) => {
  const story = await applied(context);
  await forget(story, 'out/A/a.opus');
  assert.deepEqual(await story.plan(), ['conflict out/A/a.opus']);
});

test('whoever does not agree changes nothing', async (context) => {
  const story = await applied(context);
  const edited = await editLedger(await story.loaded(), {
    disk: nodeDisk,
    clock: story.clock,
    emit: () => undefined,
    command: 'test',
    propose: (view) => Promise.resolve(proposeForget(view, () => true)),
    confirm: () => Promise.resolve(false),
  });
  assert.equal(edited.ok ? 'ok' : edited.error.code, 'NOT_CONFIRMED');
  assert.deepEqual(await story.plan(), []);
});

test('rows follow a folder that was moved by hand, and it stays ours', async (context) => {
  const story = await applied(context);
  renameSync(story.path('out'), story.path('elsewhere'));
  story.manifest({ outputs: [{ ...OPUS, to: './elsewhere' }] });
  assert.equal((await follow(story, 'out', 'elsewhere')).edits.length, 3);
  assert.deepEqual(await story.plan(), []);
  rmSync(story.path('in/B'), { recursive: true });
  await story.apply();
  assert.deepEqual(Object.keys(story.tree('elsewhere')), ['A', 'A/a.opus', 'A/b.opus']);
});

test('a row follows only its own file, and only when the old path is free', async (context) => {
  const story = await applied(context);
  story.plant('new/a.opus', 'another file');
  rmSync(story.path('out/A/a.opus'));
  const { edits, refused } = await follow(story, 'out/A', 'new');
  assert.equal(edits.length, 0);
  assert.deepEqual(
    refused.map(
      ({ output, text }) => `${output.slice(story.root.length + 1)}: ${text.split(':')[0]}`,
    ),
    [
      `out/A/a.opus: ${story.path('new/a.opus')} is another file`,
      'out/A/b.opus: it still stands there',
    ],
  );
  assert.deepEqual(await story.plan(), ['create out/A/a.opus']);
});

test('a move that was interrupted between the two rows can be made again', async (context) => {
  const story = await applied(context);
  renameSync(story.path('out/A/a.opus'), story.path('out/A/z.opus'));
  const moved = { from: story.path('out/A/a.opus'), to: story.path('out/A/z.opus') };
  await edit(story, {
    propose: async (view) => {
      const proposed = await proposeFollow(view, moved, nodeDisk);
      const [one] = proposed.ok ? proposed.value.edits : [];
      assert.ok(one?.now !== undefined);
      return ok({ edits: [{ ...one, entry: one.now }], refused: [] });
    },
  });
  assert.equal((await follow(story, 'out/A/a.opus', 'out/A/z.opus')).edits.length, 1);
  story.manifest({ outputs: [{ ...OPUS, prune: false }] });
  assert.deepEqual(await story.plan(), ['move out/A/a.opus']);
});

test('accept takes what was changed outside as it is, and only what it is asked for', async (context) => {
  const story = await applied(context);
  for (const name of ['A/a', 'B/c']) writeFileSync(story.path(`out/${name}.opus`), `mine ${name}`);
  const manifest = await story.loaded();
  const accept = (targets: readonly string[]): Promise<Proposal> =>
    edit(story, {
      propose: (view) =>
        proposeAccept(manifest, view, { disk: nodeDisk, emit: () => undefined, targets }),
    });
  assert.equal((await accept(['A/**'])).edits.length, 1);
  assert.deepEqual(await story.plan(), ['drift out/B/c.opus']);
  assert.equal((await accept([])).edits.length, 1);
  assert.deepEqual(await story.plan(), []);
  story.track('A/a.flac', { audio: 50 });
  assert.deepEqual(await story.plan(), ['update out/A/a.opus'], 'a new source counts as ever');
});

test('repair trusts rows again whose files are what they say, and no others', async (context) => {
  const story = await applied(context);
  writeFileSync(story.path('out/A/b.opus'), 'another');
  damageShard(story);
  const repaired = await edit(story, {
    rewrite: true,
    propose: async (view) => ok(await proposeRepair(view, nodeDisk)),
  });
  assert.equal(repaired.edits.length, 2);
  assert.deepEqual(
    repaired.refused.map(({ text }) => text),
    ['stays unverified: its checksum is not the recorded one'],
  );
  assert.equal(readdirSync(story.path('.flac2all/damaged')).length, 1);
  assert.deepEqual(await story.plan(), ['conflict out/A/b.opus']);
});

/** Damages the line of a folder, so that all rows of outputs can be read and none can be trusted. */
function damageShard(story: Story): void {
  const [name = ''] = readdirSync(story.path('.flac2all/shards'));
  const file = story.path(`.flac2all/shards/${name}`);
  const text = readFileSync(file, 'utf8');
  assert.match(text, /"directory"/);
  writeFileSync(file, text.replace('"directory"', '"directorX"'));
}
