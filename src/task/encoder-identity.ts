import { findCodec } from '../codecs/codecs.js';
import type { Manifest } from '../manifest/manifest.js';
import { encoderName, probePrograms } from './probe.js';

/**
 * What the encoders of a manifest's codecs say of themselves on this machine, by codec, in the words
 * that the ledger has for them. Codecs whose program is missing are left out.
 */
export async function encoderIdentities(manifest: Manifest): Promise<ReadonlyMap<string, string>> {
  const identities = new Map<string, string>();
  for (const { codec: name } of manifest.outputs.map(({ profile }) => profile)) {
    const [program] = findCodec(name)?.programs ?? [];
    if (program === undefined || identities.has(name)) continue;
    const found = (await probePrograms([program])).get(program.name);
    if (found !== undefined) identities.set(name, encoderName(program, found));
  }
  return identities;
}
