import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AbsolutePath } from '#src/lib/brand.js';
import { targetSelector, unmatchedTargets } from '#src/run/target.js';
import { Story } from '../support/story.js';
import { manifest, outputSet } from '../support/plan-case.js';

const here = manifest([outputSet()]);
const paths = [
  '/in/a.flac',
  '/in/b/c.flac',
  '/in/b/d/e.flac',
  '/in/bc/f.flac',
  '/out/b/c.opus',
].map((path) => path as AbsolutePath);
const selected = (...targets: readonly string[]): readonly string[] =>
  paths.filter(targetSelector(here, targets));
const unmatched = (...targets: readonly string[]): readonly string[] =>
  unmatchedTargets(here, targets, paths);

describe('a target', () => {
  it('that is the plain name of a folder stands for all that is below it', () => {
    const below = ['/in/b/c.flac', '/in/b/d/e.flac', '/out/b/c.opus'];
    for (const name of ['b', 'b/', './b', 'B']) assert.deepEqual(selected(name), below, name);
    assert.deepEqual(selected('/in/b'), ['/in/b/c.flac', '/in/b/d/e.flac']);
    assert.deepEqual(selected('b/d'), ['/in/b/d/e.flac']);
    assert.deepEqual(selected('/out'), ['/out/b/c.opus']);
    assert.deepEqual(selected('d'), [], 'below its root, not anywhere');
    assert.deepEqual(selected('/in', '!b'), ['/in/a.flac', '/in/bc/f.flac']);
  });

  it('that is a pattern stands for what it matches only', () => {
    assert.deepEqual(selected('b*'), []);
    assert.deepEqual(selected('b/*'), ['/in/b/c.flac', '/out/b/c.opus']);
    assert.deepEqual(selected('a.flac'), ['/in/a.flac']);
    assert.deepEqual(selected('**', '!b/*'), ['/in/a.flac', '/in/b/d/e.flac', '/in/bc/f.flac']);
    for (const nothing of ['', '!', '!b']) assert.deepEqual(selected(nothing), []);
    assert.deepEqual(selected('/'), paths);
  });

  it('that selects nothing is named, each by itself', () => {
    assert.deepEqual(unmatched('b', 'nosuch/**', '[', 'a.*', 'nosuch'), [
      'nosuch/**',
      '[',
      'nosuch',
    ]);
    assert.deepEqual(unmatched('b', 'a.*'), []);
    assert.deepEqual(unmatched(), []);
  });

  it('that takes away is named only where nothing is left', () => {
    assert.deepEqual(unmatched('b', '!nosuch'), []);
    assert.deepEqual(unmatched('b', 'a.*', '!b/**'), ['b']);
    assert.deepEqual(unmatched('!b'), ['!b']);
  });
});

it('a plan whose target selects nothing says so, up to date or not', async (context) => {
  const story = new Story(context);
  story.manifest({ outputs: [{ codec: 'opus', to: './out' }] });
  story.track('b/one.flac');
  assert.deepEqual(await notices(story, 'b'), []);
  await story.apply();
  const text = 'no source or output matches --target nosuch/**';
  assert.deepEqual(await notices(story, 'b', 'nosuch/**'), [`warning: ${text}`]);
});

/** What a plan of these targets tells beside itself. */
async function notices(story: Story, ...targets: readonly string[]): Promise<readonly string[]> {
  const told: string[] = [];
  await story.planned({
    targets,
    emit: (event) => {
      if (event.type === 'notice') told.push(`${event.level}: ${event.text}`);
    },
  });
  return told;
}
