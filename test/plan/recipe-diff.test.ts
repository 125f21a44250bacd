import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Recipe } from '#src/manifest/manifest.js';
import { audioRecipeReasons, sameRecipe, tagRecipeReasons } from '#src/plan/recipe-diff.js';
import { opusRecipe } from '../support/plan-case.js';

const withAudio = (audio: Partial<Recipe['audio']>): Recipe => ({
  ...opusRecipe,
  audio: { ...opusRecipe.audio, ...audio },
});
const texts = (wanted: Recipe): readonly string[] =>
  audioRecipeReasons(opusRecipe, wanted).map(({ text }) => text);

test('recipes are the same whatever the order of their keys', () => {
  const { audio } = opusRecipe;
  const { codec, options, args, limits } = audio;
  assert.equal(sameRecipe(audio, { limits, args, options, codec }), true);
  assert.equal(sameRecipe(audio, { ...audio, args: ['-x'] }), false);
});

test('each value that differs is a reason of its own', () => {
  const wanted = withAudio({ options: { bitrate: 160, tune: 'music' }, args: ['-x'] });
  assert.deepEqual(texts(wanted), [
    'option changed: args [] -> ["-x"]',
    'option changed: bitrate 128 -> 160',
    'option changed: tune default -> music',
  ]);
  assert.deepEqual(texts(withAudio({ limits: { channels: 2 } })), [
    'option changed: limits.channels default -> 2',
  ]);
  assert.deepEqual(texts(opusRecipe), []);
});

test('tag options are told apart from audio options', () => {
  const wanted: Recipe = { ...opusRecipe, tags: { id3: '2.3' } };
  assert.deepEqual(texts(wanted), []);
  assert.deepEqual(tagRecipeReasons(opusRecipe, wanted), [
    {
      code: 'tags-changed',
      text: 'tag option changed: tags.id3 2.4 -> 2.3',
      old: '2.4',
      new: '2.3',
    },
  ]);
  assert.deepEqual(tagRecipeReasons(opusRecipe, opusRecipe), []);
});

test('each key of tags and pictures is named for itself', () => {
  const wanted: Recipe = {
    ...opusRecipe,
    tags: {
      id3: '2.4',
      drop: ['COMMENT'],
      set: { GENRE: ['Rock'] },
      pictures: { maxSize: 600, fromFolder: ['cover.jpg'] },
    },
  };
  assert.deepEqual(
    tagRecipeReasons(opusRecipe, wanted).map(({ text }) => text),
    [
      'tag option changed: tags.drop default -> ["COMMENT"]',
      'tag option changed: pictures.fromFolder default -> ["cover.jpg"]',
      'tag option changed: pictures.maxSize default -> 600',
      'tag option changed: tags.set.GENRE default -> ["Rock"]',
    ],
  );
  assert.deepEqual(
    tagRecipeReasons(wanted, opusRecipe).map(({ text }) => text)[1],
    'tag option changed: pictures.fromFolder ["cover.jpg"] -> default',
  );
});
