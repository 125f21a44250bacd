import type { Codec } from '../codecs/codec.js';
import { codecOf, familyMember, findCodec, optionDefaults } from '../codecs/codecs.js';
import type { Machine } from '../codecs/machine.js';
import type { JsonObject } from '../lib/json.js';
import type { Problem } from './failure.js';
import type { ManifestFile, Profile as WrittenProfile } from './manifest-file.gen.js';
import type { AudioRecipe, Profile } from './manifest.js';
import { below, failureIn } from './place.js';
import type { Place } from './place.js';
import { memberProblem, resolveEncoder } from './resolve-encoder.js';
import type { Report } from './resolve-sources.js';
import { reportTags, resolveTags, uselessKey } from './resolve-tags.js';
import type { SharedProfiles } from './validate.js';

/** A profile, its codec and where it is written. */
export interface LocatedProfile {
  readonly profile: Profile;
  readonly codec: Codec;
  readonly place: Place;
}

/** What a profile is resolved with. */
export interface ProfileContext {
  readonly report: Report;
  /** What this machine has; without it nothing is asked of it. */
  readonly machine?: Machine | undefined;
}

/** Profiles of the manifest and of the files it extends, by name; the last of a name wins. */
export function resolveProfiles(
  { profiles }: ManifestFile,
  root: Place,
  from: ProfileContext & { readonly shared: readonly SharedProfiles[] },
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
      byName.set(name, resolveProfile({ name, written, place }, from));
    }
  }
  return byName;
}

/** One profile with the codec's defaults filled in; keys without effect are reported. */
export function resolveProfile(
  { name, written, place }: { name: string; written: WrittenProfile; place: Place },
  { report, machine }: ProfileContext,
): LocatedProfile {
  const unusable = memberProblem(written.codec, machine);
  if (unusable !== undefined) report(failureIn(below(place, 'codec'), unusable));
  const general = findCodec(written.codec, written.extension);
  if (general === undefined) throw new Error(`codec in the schema only: ${written.codec}`);
  for (const [path, problem] of uselessKeys(written, general)) {
    report(failureIn(below(place, ...path), problem, 'key'));
  }
  const { args = [], limits = {} } = written;
  const options = { ...optionDefaults(general), ...(written.options as JsonObject | undefined) };
  const encoder = resolveEncoder(general, options, machine);
  if (!encoder.ok) report(failureIn(below(place, 'codec'), encoder.error));
  const audio: AudioRecipe = {
    codec: general.name,
    ...unusualExtension(written, general),
    options: encoder.ok ? encoder.value.options : options,
    args,
    limits,
  };
  const codec = codecOf(audio) ?? general;
  reportTags(written, codec, { place, report });
  const recipe = { audio, tags: resolveTags(written) };
  const chosen = encoder.ok ? encoder.value.chosen : undefined;
  const profile = {
    // An output with a codec of its own is named for it; a name may become a folder.
    name: name === written.codec ? codec.name.replaceAll(':', '-') : name,
    codec: codec.name,
    extension: codec.extension,
    recipe,
    ...(chosen === undefined ? {} : { chosenEncoder: chosen }),
  };
  return { profile, codec, place };
}

/** Only what differs from the usual goes into the recipe. */
function unusualExtension(
  { extension }: WrittenProfile,
  codec: Codec,
): Pick<AudioRecipe, 'extension'> {
  const usual = findCodec(codec.name)?.extension;
  return extension === undefined || extension === usual ? {} : { extension };
}

type Found = readonly [path: readonly string[], problem: Problem];

/** What does not fit the kind of file, or the encoder of ffmpeg, that a profile asks for. */
function kindProblems(
  { extension, options = {} }: Pick<WrittenProfile, 'extension' | 'options'>,
  codec: Codec,
  useless: (key: string, why: string) => Problem,
): readonly Found[] {
  const found = familyMember(codec.name);
  if (found === undefined) {
    return extension === undefined
      ? []
      : [[['extension'], useless('extension', 'it writes one kind of file')]];
  }
  const { family, member } = found;
  // A member that is refused as such has been reported.
  const why = family.refusal(member) === undefined && family.refusal(member, extension);
  const message = `codec ${codec.name} cannot have this extension: ${why}`;
  const unheeded = family.uselessOptions(member).filter((name) => Object.hasOwn(options, name));
  return [
    ...(why ? [[['extension'], { code: 'MANIFEST_BAD_VALUE', message }] as const] : []),
    ...unheeded.map((name): Found => {
      return [['options', name], useless(name, 'the encoder does not heed it')];
    }),
  ];
}

function uselessKeys(written: WrittenProfile, codec: Codec): readonly Found[] {
  const { args, limits } = written;
  const encodes = codec.kind === 'encode';
  const useless = (key: string, why: string): Problem => uselessKey(key, codec, why);
  const found: Found[] = [];
  found.push(...kindProblems(written, codec, useless));
  if (!encodes && args !== undefined) found.push([['args'], useless('args', 'it does not encode')]);
  if (!encodes && limits !== undefined) {
    found.push([['limits'], useless('limits', 'it does not encode')]);
  }
  return found;
}
