import type { EncoderCodec } from '../codecs/codec.js';
import { nodeDisk } from '../lib/node-disk.js';
import type { AudioId } from '../sources/identity.js';
import { copyBytes } from './copy.js';
import type { Attempt, Product } from './attempt.js';
import { tagOutput } from './tag-output.js';
import type { Reuse } from './task.js';

/**
 * Makes the part out of an output that holds the same audio already: its bytes with the tags of now.
 * `undefined` when anything is not as the task says: then the source must be encoded.
 */
export async function retag(
  attempt: Attempt,
  codec: EncoderCodec,
  reuse: { readonly from: Reuse; readonly audioId: AudioId },
): Promise<Product | undefined> {
  const { from, audioId } = reuse;
  attempt.onRunning?.();
  // Where the header cannot be believed, only an encode tells how long the audio is.
  const { statedSamples: samples } = attempt.inspection;
  if (from.audioId !== audioId || samples === undefined || samples === 0) return undefined;
  if ((await copyBytes(from.path, attempt.task.part)) !== undefined) return undefined;
  if ((await nodeDisk.sha256(attempt.task.part)) !== from.sha256) return undefined;
  const tagged = await tagOutput(attempt, codec.container);
  return tagged.ok ? { samples, encoder: from.encoder, warnings: tagged.value } : undefined;
}
