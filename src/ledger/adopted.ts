import type { Sha256 } from '../lib/brand.js';
import type { Recipe } from '../manifest/manifest.js';
import type { Entry } from './entry.js';

/*
 * An adopted output was made by something else: nobody knows how. Its row has a recipe that no
 * profile can have, in the form of any other, so that the format of the ledger stays what it is.
 */

const UNKNOWN_CODEC = 'unknown';

/** Of an output that was adopted: its recipe says nothing, so no recipe makes it stale. */
export const ADOPTED_RECIPE: Recipe = adoptedRecipe({});

/** Of an adopted output that is to be made again. */
export const REPLACED_RECIPE: Recipe = adoptedRecipe({ replace: true });

/** What made an adopted output. */
export const UNKNOWN_ENCODER = 'unknown';

/** In the row of an output whose source was not read to its end when it was adopted. */
export const UNREAD: Sha256 = '0'.repeat(64) as Sha256;

/** Whether nobody knows how the output was made. */
export function isAdopted({ recipe }: Pick<Entry, 'recipe'>): boolean {
  return recipe.audio.codec === UNKNOWN_CODEC;
}

/** Whether the output was adopted only until it is made again. */
export function isToBeReplaced({ recipe }: Pick<Entry, 'recipe'>): boolean {
  return recipe.audio.codec === UNKNOWN_CODEC && recipe.audio.options['replace'] === true;
}

function adoptedRecipe(options: Recipe['audio']['options']): Recipe {
  return {
    audio: { codec: UNKNOWN_CODEC, options, args: [], limits: {} },
    tags: { id3: '2.4' },
  };
}
