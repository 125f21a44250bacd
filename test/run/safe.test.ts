import assert from 'node:assert/strict';
import { renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { failedWith, makePart, Story } from '../support/story.js';

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
      return { ok: true, value: { remaining: 0 } };
    },
  });
  assert.deepEqual(Object.keys(story.tree()), []);
});
