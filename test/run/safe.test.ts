import assert from 'node:assert/strict';
import { renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
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
