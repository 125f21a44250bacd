import { createHash } from 'node:crypto';
import { canonicalJson } from '../lib/json.js';
import type { AudioRecipe } from '../manifest/manifest.js';
import type { AudioId } from '../sources/identity.js';

/** The stream serial of an output: the same for the same audio and recipe, whatever the names are. */
export function streamSerial(audioId: AudioId, recipe: AudioRecipe): number {
  const text = `${audioId}\n${canonicalJson(recipe)}`;
  const serial = createHash('sha256').update(text).digest().readUInt32BE(0);
  return serial === 0 || serial === 0xffff_ffff ? 1 : serial;
}
