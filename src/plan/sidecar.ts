import type { Recipe } from '../manifest/manifest.js';
import type { Desired } from './action.js';

/** What sidecars are made by: their own bytes. */
export const SIDECAR_RECIPE: Recipe = {
  audio: { codec: 'copy', options: {}, args: [], limits: {} },
  tags: { id3: '2.4' },
};

/** What rewritten playlists are made by: their own text, and the names of what it leads to. */
export const PLAYLIST_RECIPE: Recipe = {
  audio: { ...SIDECAR_RECIPE.audio, options: { playlist: true } },
  tags: SIDECAR_RECIPE.tags,
};

/** Whether a row is that of a rewritten playlist. */
export function isPlaylistRecipe({ audio }: Recipe): boolean {
  return audio.codec === 'copy' && audio.options['playlist'] === true;
}

/** What a wanted output is made by. */
export function recipeOf(wanted: Pick<Desired, 'sidecar' | 'set' | 'playlist'>): Recipe {
  if (wanted.playlist !== undefined) return PLAYLIST_RECIPE;
  return wanted.sidecar ? SIDECAR_RECIPE : wanted.set.profile.recipe;
}
