import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { toPlanFile } from '#src/plan/plan-file.js';
import { failedWith } from '../support/fake-worker.js';
import { Story } from '../support/story.js';

const OPUS = { codec: 'opus', to: './out', prune: true } as const;
const OPTIONS = { targets: [], retryFailed: false, overwriteUnmanaged: false };

test('a move whose new tags could not be written is retagged by the next run', async (context) => {
  const story = new Story(context);
  story.manifest({ outputs: [OPUS] });
  story.track('one.flac', { audio: 1 });
  await story.apply();
  rmSync(story.path('in/one.flac'));
  story.track('two.flac', { audio: 1, title: 'other' });
  await story.apply({ work: () => failedWith('no space', 'environment') });
  assert.deepEqual(await story.plan(), ['retag out/two.opus']);
});

test('a sidecar that was moved and changed at once is copied again', async (context) => {
  const story = new Story(context);
  story.manifest({ outputs: [{ ...OPUS, copy: ['**/cover.jpg'] }] });
  story.track('one.flac');
  story.plant('in/cover.jpg', 'old');
  await story.apply();
  renameSync(story.path('in'), story.path('music'));
  story.manifest({
    sources: { music: './music' },
    outputs: [{ ...OPUS, from: 'music', copy: ['**/cover.jpg'] }],
  });
  assert.deepEqual(await story.plan(), []);
  story.plant('music/cover.jpg', 'new');
  assert.deepEqual((await story.apply()).made, ['update out/cover.jpg']);
  assert.equal(story.tree()['cover.jpg'], 'new');
});

test('a renamed source is renamed, also where only its new name is asked for', async (context) => {
  const story = new Story(context);
  story.manifest({ outputs: [OPUS] });
  story.track('one.flac', { audio: 1 });
  story.track('two.flac', { audio: 2 });
  await story.apply();
  renameSync(story.path('in/one.flac'), story.path('in/uno.flac'));
  assert.deepEqual(await story.plan({ targets: ['uno.*'] }), ['move out/uno.opus']);
  assert.deepEqual(await story.plan({ targets: ['one.*'] }), ['move out/uno.opus']);
  assert.deepEqual(await story.plan({ targets: ['two.*'] }), []);
});

test('a failure is forgotten with its source', async (context) => {
  const story = new Story(context);
  story.manifest({ outputs: [OPUS] });
  story.track('one.flac', { audio: 1 });
  story.track('two.flac', { audio: 2 });
  const failures = async (): Promise<number> => (await story.planned()).input.ledger.failures.size;
  await story.apply({ work: ({ output }) => (/two/.test(output) ? failedWith('odd') : undefined) });
  assert.equal(await failures(), 1);
  rmSync(story.path('in/two.flac'));
  await story.apply({ targets: ['one.*'] });
  assert.equal(await failures(), 1, 'a target does not ask for it');
  await story.apply();
  assert.equal(await failures(), 0);
});

test('of a saved plan the rows that have moved are left, the others done, once', async (context) => {
  const story = new Story(context);
  story.manifest({ outputs: [OPUS] });
  for (const name of ['one', 'two', 'three']) story.track(`${name}.flac`);
  const facts = { createdAt: '', manifest: '', options: OPTIONS };
  const saved = toPlanFile((await story.planned()).plan, facts);
  story.track('two.flac', { audio: 77 });
  story.track('four.flac');
  const refused = await story.tryApply({ saved });
  assert.equal(refused.result.ok ? '' : refused.result.error.code, 'PLAN_STALE');
  const { made, report, events } = await story.apply({ saved, skipStaleRows: true });
  assert.deepEqual(made, ['create out/one.opus', 'create out/three.opus']);
  assert.equal(report.unresolved, 2);
  const told = events.flatMap((one) => (one.type === 'notice' ? [one.text] : []));
  assert.match(told.join(), /two\.opus: its source has changed.*|.*four\.opus: now to create/);
  const again = await story.tryApply({ saved, skipStaleRows: true });
  assert.match(again.result.ok ? '' : again.result.error.message, /applied already/);
  assert.deepEqual(await story.plan(), ['create out/four.opus', 'create out/two.opus']);
});

test('policy accept: what somebody made of an output is the output from now on', async (context) => {
  const story = new Story(context);
  const policy = { onDrift: 'accept' } as const;
  story.manifest({ outputs: [OPUS], policy });
  story.track('one.flac');
  await story.apply();
  story.plant('out/one.opus', 'louder');
  assert.deepEqual(await story.plan(), ['adopt out/one.opus']);
  await story.apply();
  assert.deepEqual(await story.plan(), []);
  story.manifest({ outputs: [OPUS] });
  assert.deepEqual(await story.plan(), [], 'the ledger has its checksum');
  renameSync(story.path('in/one.flac'), story.path('in/uno.flac'));
  await story.apply();
  assert.deepEqual(story.tree(), { 'uno.opus': 'louder' });
});

test('a damaged shard and a changed option are both mended by one apply', async (context) => {
  const story = new Story(context);
  story.manifest({ outputs: [OPUS] });
  for (const name of ['one', 'two', 'three']) story.track(`${name}.flac`);
  await story.apply();
  const [shard] = readdirSync(story.path('.flac2all/shards'));
  appendFileSync(story.path(`.flac2all/shards/${shard}`), 'torn');
  story.manifest({ outputs: [{ ...OPUS, options: { bitrate: 64 } }] });
  const planned = await story.plan();
  assert.deepEqual(planned, [
    'update out/one.opus',
    'update out/three.opus',
    'update out/two.opus',
  ]);
  assert.deepEqual((await story.apply()).made, planned);
  assert.deepEqual(await story.plan(), []);
});

test('SIGINT stops moves', async (context) => {
  const story = new Story(context);
  story.manifest({ outputs: [OPUS] });
  for (const track of [1, 2, 3]) story.track(`a/${track}.flac`, { audio: track });
  await story.apply();
  renameSync(story.path('in/a'), story.path('in/b'));
  const drain = new AbortController();
  const { report } = await story.apply({
    drain: drain.signal,
    emit: ({ type }) => {
      if (type === 'file-moved') drain.abort();
    },
  });
  assert.equal(report.summary.interrupted, true);
  assert.deepEqual(await story.plan(), ['move out/b/2.opus', 'move out/b/3.opus']);
});

test('SIGINT stops deletes', async (context) => {
  const story = new Story(context);
  story.manifest({ outputs: [OPUS] });
  for (const track of [1, 2, 3, 4]) story.track(`${track}.flac`, { audio: track });
  await story.apply();
  for (const track of [1, 2, 3]) rmSync(story.path(`in/${track}.flac`));
  const drain = new AbortController();
  await story.apply({
    drain: drain.signal,
    emit: ({ type }) => {
      if (type === 'file-deleted') drain.abort();
    },
  });
  assert.deepEqual(await story.plan(), ['delete out/2.opus', 'delete out/3.opus']);
});
