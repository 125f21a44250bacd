import type { Codec } from '../codecs/codec.js';
import { findCodec } from '../codecs/codecs.js';
import type { Json, JsonObject } from '../lib/json.js';
import type { Problem } from './failure.js';
import type { ManifestFile, Profile as WrittenProfile } from './manifest-file.gen.js';
import type { Profile } from './manifest.js';
import { below, failureIn } from './place.js';
import type { Place } from './place.js';
import type { Report } from './resolve-sources.js';
import { reportTags, resolveTags, uselessKey } from './resolve-tags.js';
import type { SharedProfiles } from './validate.js';

/** A profile, its codec and where it is written. */
export interface LocatedProfile {
  readonly profile: Profile;
  readonly codec: Codec;
  readonly place: Place;
}

/** Profiles of the manifest and of the files it extends, by name; the last of a name wins. */
export function resolveProfiles(
  { profiles }: ManifestFile,
  root: Place,
  from: { readonly shared: readonly SharedProfiles[]; readonly report: Report },
): ReadonlyMap<string, LocatedProfile> {
  const byName = new Map<string, LocatedProfile>();
  const layers = [
    ...from.shared.map(({ document, content }) => ({
      place: { document, path: [] },
      profiles: content.profiles,
    })),
    { place: root, profiles: profiles ?? {} },
  ];
  for (const layer of layers) {
    for (const [name, written] of Object.entries(layer.profiles)) {
      const place = below(layer.place, 'profiles', name);
      byName.set(name, resolveProfile({ name, written, place }, from.report));
    }
  }
  return byName;
}

/** One profile with the codec's defaults filled in; keys without effect are reported. */
export function resolveProfile(
  { name, written, place }: { name: string; written: WrittenProfile; place: Place },
  report: Report,
): LocatedProfile {
  const codec = findCodec(written.codec);
  if (codec === undefined) throw new Error(`codec in the schema only: ${written.codec}`);
  for (const [path, problem] of uselessKeys(written, codec)) {
    report(failureIn(below(place, ...path), problem, 'key'));
  }
  reportTags(written, codec, { place, report });
  const { options = {}, args = [], limits = {} } = written;
  const audio = {
    codec: codec.name,
    options: { ...optionDefaults(codec), ...(options as JsonObject) },
    args,
    limits,
  };
  const recipe = { audio, tags: resolveTags(written) };
  return { profile: { name, codec: codec.name, extension: codec.extension, recipe }, codec, place };
}

function uselessKeys(
  { args, limits }: WrittenProfile,
  codec: Codec,
): readonly (readonly [readonly string[], Problem])[] {
  const encodes = codec.kind === 'encode';
  const useless = (key: string, why: string): Problem => uselessKey(key, codec, why);
  const found: [readonly string[], Problem][] = [];
  if (!encodes && args !== undefined) found.push([['args'], useless('args', 'it does not encode')]);
  if (!encodes && limits !== undefined) {
    found.push([['limits'], useless('limits', 'it does not encode')]);
  }
  return found;
}

function optionDefaults(codec: Codec): JsonObject {
  const rules = (codec.options['properties'] ?? {}) as Readonly<Record<string, JsonObject>>;
  const defaults: Record<string, Json> = {};
  for (const [name, rule] of Object.entries(rules)) {
    if (rule['default'] !== undefined) defaults[name] = rule['default'];
  }
  return defaults;
}
