import type { Recipe } from '../manifest/manifest.js';
import type { Desired } from './action.js';

/** What sidecars are made by: their own bytes. */
export const SIDECAR_RECIPE: Recipe = {
  audio: { codec: 'copy', options: {}, args: [], limits: {} },
  tags: { id3: '2.4' },
};

/** What a wanted output is made by. */
export function recipeOf({ sidecar, set }: Pick<Desired, 'sidecar' | 'set'>): Recipe {
  return sidecar ? SIDECAR_RECIPE : set.profile.recipe;
}
