import assert from 'node:assert/strict';
import { renameSync, symlinkSync } from 'node:fs';
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
