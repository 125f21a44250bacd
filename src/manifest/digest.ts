import type { Sha256 } from '../lib/brand.js';
import { sha256Of } from '../lib/checksum.js';
import type { Json } from '../lib/json.js';
import { canonicalJson } from '../lib/json.js';
import type { OutputSet, Policy, SourceSet } from './manifest.js';

/**
 * SHA-256 over what decides the plan. Names of sources, profiles and outputs, comments, the order of
 * keys and the form (short or long) do not count; nor does who does the work.
 */
export function manifestDigest(
  sources: readonly SourceSet[],
  outputs: readonly OutputSet[],
  policy: Policy,
): Sha256 {
  const byName = new Map(sources.map((source) => [source.name, withoutName(source)]));
  const content: Json = {
    policy: { ...policy },
    outputs: outputs.map(({ name: _name, profile, from, ...output }) => ({
      ...output,
      source: byName.get(from) ?? null,
      extension: profile.extension ?? null,
      audio: { ...profile.recipe.audio, limits: { ...profile.recipe.audio.limits } },
      tags: { ...profile.recipe.tags },
    })),
  };
  return sha256Of(canonicalJson(content));
}

function withoutName({ name: _name, ...source }: SourceSet): Json {
  return source;
}
