import { codecOf } from '../codecs/codecs.js';
import type { Manifest } from '../manifest/manifest.js';
import { encoderName, probePrograms } from './probe.js';

/**
 * What the encoders of a manifest's outputs say of themselves on this machine, by output set, in the
 * words that the ledger has for them. Outputs whose program is missing are left out.
 */
export async function encoderIdentities(manifest: Manifest): Promise<ReadonlyMap<string, string>> {
  const identities = new Map<string, string>();
  for (const { name, profile } of manifest.outputs) {
    const [program] = codecOf(profile.recipe.audio)?.programs ?? [];
    if (program === undefined) continue;
    const found = (await probePrograms([program])).get(program.name);
    if (found !== undefined) identities.set(name, encoderName(program, found));
  }
  return identities;
}
