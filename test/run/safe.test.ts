import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Sha256 } from '#src/lib/brand.js';
import type { Disk } from '#src/lib/disk.js';
import { nodeDisk } from '#src/lib/node-disk.js';
import type { Task } from '#src/task/task.js';
import { failedWith, fakeWorker, makePart } from '../support/fake-worker.js';
import { Story } from '../support/story.js';

const OPUS = { codec: 'opus', to: './out', prune: true } as const;

test('a source that is a link to a disk that is not mounted keeps its output', async (context) => {
  const story = new Story(context);
  story.manifest({ outputs: [OPUS] });
  story.track('kept.flac');
  story.track('../disk/two.flac');
  symlinkSync(story.path('disk/two.flac'), story.path('in/two.flac'));
  await story.apply();
  renameSync(story.path('disk'), story.path('unmounted'));
  assert.deepEqual(await story.plan(), ['skip out/two.opus']);
  await story.apply();
  assert.deepEqual(Object.keys(story.tree()), ['kept.opus', 'two.opus']);
});

test('an output that is edited while apply asks is not overwritten', async (context) => {
  const story = new Story(context);
  story.manifest({ outputs: [OPUS] });
  story.track('one.flac', { audio: 1 });
  story.track('two.flac', { audio: 2 });
  await story.apply();
  story.track('one.flac', { audio: 50 });
  story.track('new.flac', { audio: 51 });
  story.track('two.flac', { audio: 2, blocks: [{ type: 1, data: Buffer.alloc(99) }] });
  const { report } = await story.apply({
    confirm: async () => {
      writeFileSync(story.path('out/one.opus'), 'edited');
      writeFileSync(story.path('out/two.opus'), 'edited');
      writeFileSync(story.path('out/new.opus'), 'edited');
      return Promise.resolve(true);
    },
  });
  assert.equal(report.summary.failed, 2);
  assert.deepEqual(Object.values(story.tree()), ['edited', 'edited', 'edited']);
  assert.deepEqual(await story.plan(), [
    'conflict out/new.opus',
    'drift out/one.opus',
    'drift out/two.opus',
  ]);
});

test('a source set that is empty stops the plan, whatever else is wrong', async (context) => {
  const story = new Story(context);
  story.manifest({
    sources: { a: './in', b: './other' },
    outputs: [
      { ...OPUS, from: 'a', to: './out/a' },
      { ...OPUS, from: 'b', to: './out/b' },
    ],
  });
  story.track('one.flac');
  story.track('../other/two.flac');
  await story.apply();
  rmSync(story.path('other/two.flac'));
  symlinkSync('/nowhere', story.path('in/broken.flac'));
  symlinkSync('/nowhere', story.path('other/lost'));
  assert.equal((await story.planned()).guard?.code, 'SOURCE_EMPTY');
});

test('outputs on a disk that is not mounted are not made again on the one below', async (context) => {
  const story = new Story(context);
  mkdirSync(story.path('disk'));
  story.manifest({ outputs: [{ ...OPUS, to: './disk/out' }] });
  for (const track of [1, 2]) story.track(`${track}.flac`, { audio: track });
  await story.apply();
  renameSync(story.path('disk'), story.path('unmounted'));
  mkdirSync(story.path('disk'));
  rmSync(story.path('in/1.flac'));
  const { result } = await story.tryApply();
  assert.equal(result.ok ? 'ok' : result.error.code, 'OUTPUTS_MISSING');
  story.plant('disk/note', 'a new disk');
  assert.deepEqual(await story.plan(), ['create disk/out/2.opus', 'forget disk/out/1.opus']);
  rmSync(story.path('disk'), { recursive: true });
  renameSync(story.path('unmounted'), story.path('disk'));
  assert.deepEqual(await story.plan(), ['delete disk/out/1.opus']);
});

test('--overwrite-unmanaged never replaces a source', async (context) => {
  const story = new Story(context);
  story.track('one.flac');
  story.manifest({ outputs: [{ codec: 'flac', to: './alias' }] });
  const manifest = await story.loaded();
  // Only now: a manifest is not loaded where such a link is there.
  symlinkSync(story.path('in'), story.path('alias'));
  const before = readFileSync(story.path('in/one.flac'));
  await story.tryApply({ manifest, overwriteUnmanaged: true });
  assert.deepEqual(readFileSync(story.path('in/one.flac')), before);
});

test('a failed task leaves no part file, not even of a worker that was lost before', async (context) => {
  const story = new Story(context);
  story.manifest({ outputs: [OPUS] });
  story.track('one.flac');
  await story.apply({
    handOut: async ({ tasks, lease, onFailed }) => {
      for (const task of tasks) {
        for (const attempt of ['1.1', '1.2', '1.3']) makePart(await lease(task, attempt));
        await onFailed(task, failedWith('the worker died', 'crash'), 'fake/1');
      }
      return { ok: true, value: { remaining: 0, vanished: [] } };
    },
  });
  assert.deepEqual(Object.keys(story.tree()), []);
});

test('a part that a lost worker makes when the run is over goes with the next run', async (context) => {
  const story = new Story(context);
  story.manifest({ outputs: [OPUS] });
  story.track('one.flac');
  const late: Task[] = [];
  const worker = fakeWorker();
  await story.apply({
    handOut: async (work) => {
      const [task] = work.tasks;
      assert.ok(task);
      late.push(await work.lease(task, '1.9'));
      await worker(work);
      return { ok: true, value: { remaining: 0, vanished: [{ task, attempt: '1.9' }] } };
    },
  });
  for (const task of late) makePart(task);
  assert.equal(Object.keys(story.tree()).length, 2);
  assert.deepEqual(await story.plan(), []);
  await story.apply();
  assert.deepEqual(Object.keys(story.tree()), ['one.opus']);
});

test('a linked folder that leads to the sources: nothing there is touched', async (context) => {
  const story = new Story(context);
  const output = { codec: 'copy', to: './out', prune: true } as const;
  story.manifest({ outputs: [output] });
  for (const track of [1, 2, 3]) story.track(`${track}.flac`, { audio: track });
  await story.apply();
  rmSync(story.path('out'), { recursive: true });
  const policy = { onDrift: 'repair' } as const;
  const sources = { music: { path: './in', exclude: ['1.flac'] } };
  story.manifest({ sources, outputs: [{ ...output, from: 'music' }], policy });
  const narrowed = await story.loaded();
  story.manifest({ outputs: [{ codec: 'flac', to: './out' }], policy });
  const converted = await story.loaded();
  story.manifest({ outputs: [{ ...output, layout: '{title}' }] });
  const renamed = await story.loaded();
  // Only now: a manifest is not loaded where such a link is there.
  symlinkSync(story.path('in'), story.path('out'));
  story.track('2.flac', { audio: 22 });
  const before = story.tree('in');
  for (const manifest of [narrowed, converted]) {
    await story.tryApply({ manifest });
    assert.deepEqual(story.tree('in'), before);
  }
  await story.tryApply({ manifest: renamed });
  for (const [name, content] of Object.entries(before))
    assert.equal(story.tree('in')[name], content);
});

test('what stands behind a link that took the place of a folder is not deleted', async (context) => {
  const story = new Story(context);
  story.manifest({ outputs: [OPUS] });
  for (const track of [1, 2, 3]) story.track(`A/${track}.flac`, { audio: track });
  story.track('B/4.flac', { audio: 4 });
  await story.apply();
  renameSync(story.path('out/A'), story.path('archive'));
  symlinkSync(story.path('archive'), story.path('out/A'));
  rmSync(story.path('in/A/1.flac'));
  rmSync(story.path('in/B/4.flac'));
  const planned = ['delete out/B/4.opus', 'forget out/A/1.opus'];
  assert.deepEqual(await story.plan(), planned);
  await story.apply();
  assert.deepEqual(Object.keys(story.tree('archive')), ['1.opus', '2.opus', '3.opus']);
  assert.deepEqual(await story.plan(), []);
  // A set that the manifest no longer names, too.
  story.manifest({ outputs: [{ ...OPUS, to: './other' }] });
  await story.apply();
  assert.deepEqual(Object.keys(story.tree('archive')), ['1.opus', '2.opus', '3.opus']);
});

test('a root that is a link is as good as a folder', async (context) => {
  const story = new Story(context);
  mkdirSync(story.path('disk'));
  symlinkSync(story.path('disk'), story.path('out'));
  story.manifest({ outputs: [OPUS] });
  for (const track of [1, 2]) story.track(`A/${track}.flac`, { audio: track });
  await story.apply();
  rmSync(story.path('in/A/1.flac'));
  await story.apply();
  assert.deepEqual(Object.keys(story.tree('disk')), ['A', 'A/2.opus']);
});

for (const trash of [undefined, '30d']) {
  test(`a link, another file or a lost lock while a delete reads: kept, trash ${trash}`, async (context) => {
    for (const [what, disturb] of Object.entries(DISTURBED_DELETES)) {
      const story = new Story(context);
      story.manifest({ outputs: [OPUS], ...(trash && { policy: { trash } }) });
      story.track('A/1.flac', { audio: 1 });
      story.track('A/2.flac', { audio: 2 });
      await story.apply();
      rmSync(story.path('in/A/1.flac'));
      const content = story.tree()['A/1.opus'];
      const sha256 = async (path: string): Promise<Sha256> => {
        const digest = await nodeDisk.sha256(path);
        if (path.endsWith('/out/A/1.opus')) disturb(story);
        return digest;
      };
      const kinds: string[] = [];
      const applied = story.apply({
        disk: { ...nodeDisk, sha256 },
        emit: ({ type }) => kinds.push(type),
      });
      if (what === 'the lock is lost') await assert.rejects(applied, /was taken away/);
      else await applied;
      const told = kinds.filter((kind) => kind === 'file-kept').length;
      assert.equal(told, what === 'the lock is lost' ? 0 : 1, what);
      const kept = { ...story.tree(), ...story.tree('archive') };
      assert.ok(
        Object.values(kept).includes(what === 'rewritten' ? 'mine' : (content ?? '')),
        what,
      );
      assert.ok((await story.planned()).input.ledger.entries.has(story.path('out/A/1.opus')), what);
    }
  });
}

const DISTURBED_DELETES: Readonly<Record<string, (story: Story) => void>> = {
  rewritten: (story) => writeFileSync(story.path('out/A/1.opus'), 'mine'),
  'its folder becomes a link': (story) => {
    renameSync(story.path('out/A'), story.path('archive'));
    mkdirSync(story.path('out/A'));
    story.plant('out/A/1.opus', 'mine');
  },
  'the lock is lost': (story) => rmSync(story.path('.flac2all/lock')),
};

test('an output that is edited while its record is written is not overwritten', async (context) => {
  const story = new Story(context);
  story.manifest({ outputs: [OPUS] });
  story.track('one.flac', { audio: 1 });
  story.track('two.flac', { audio: 2 });
  await story.apply();
  story.track('one.flac', { audio: 9 });
  renameSync(story.path('in/two.flac'), story.path('in/duo.flac'));
  let edits = 0;
  const openAppend: Disk['openAppend'] = async (path) => {
    const file = await nodeDisk.openAppend(path);
    const append = async (data: string): Promise<void> => {
      if (/"kind":"staged"/.test(data)) {
        edits += 1;
        const [name = ''] = /duo|one/.exec(data) ?? [];
        writeFileSync(story.path(`out/${name}.opus`), 'mine');
      }
      await file.append(data);
    };
    return { ...file, append };
  };
  await story.apply({ disk: { ...nodeDisk, openAppend } });
  assert.ok(edits >= 2);
  const { 'one.opus': one, 'duo.opus': duo } = story.tree();
  assert.deepEqual([one, duo], ['mine', 'mine']);
});
