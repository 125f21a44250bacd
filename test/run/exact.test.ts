import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { failedWith, Story } from '../support/story.js';

const OPUS = { codec: 'opus', to: './out', prune: true } as const;

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
