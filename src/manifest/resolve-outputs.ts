import type { AbsolutePath } from '../lib/brand.js';
import { nearest } from '../lib/nearest.js';
import { expandPath, fillPlaceholders } from './expand-path.js';
import type { PathBase } from './expand-path.js';
import { didYouMean } from './failure.js';
import { layoutProblem } from './layout.js';
import type { ManifestFile, Output, Profile as WrittenProfile } from './manifest-file.gen.js';
import type { OutputSet } from './manifest.js';
import { passthroughOf, playlistsOf } from './passthrough.js';
import { below, failureIn } from './place.js';
import type { Place } from './place.js';
import { resolveProfile } from './resolve-profiles.js';
import type { LocatedProfile, ProfileContext } from './resolve-profiles.js';
import { reportPatterns } from './resolve-sources.js';
import type { LocatedSource, Report } from './resolve-sources.js';

/** An output and where it is written. */
export interface LocatedOutput {
  readonly set: OutputSet;
  readonly profile: LocatedProfile;
  readonly place: Place;
}

/** What an output may refer to. */
export interface OutputContext extends ProfileContext {
  readonly profiles: ReadonlyMap<string, LocatedProfile>;
  readonly sources: readonly LocatedSource[];
  readonly base: PathBase;
}

/** The outputs in order, each with a name of its own. Those with a broken reference are left out. */
export function resolveOutputs(
  { outputs }: ManifestFile,
  root: Place,
  context: OutputContext,
): readonly LocatedOutput[] {
  const located: LocatedOutput[] = [];
  const taken = new Set(outputs.flatMap(({ profile }) => profile ?? []));
  const used = new Set<string>();
  for (const [index, written] of outputs.entries()) {
    const place = below(root, 'outputs', index);
    const profile = findProfile(written, place, context);
    const source = findSource(written, place, context);
    reportDetails(written, place, context.report);
    if (profile === undefined || source === undefined) continue;
    const names = { profile: profile.profile.name, source: source.set.name };
    const path = resolveTo(written.to, names, { ...context, place });
    if (path === undefined) continue;
    const name = uniqueName(names.profile, used, taken);
    const set = outputSet(written, { name, profile, source, path });
    located.push({ set, profile, place });
  }
  return located;
}

function outputSet(
  written: Output,
  found: { name: string; profile: LocatedProfile; source: LocatedSource; path: AbsolutePath },
): OutputSet {
  return {
    name: found.name,
    profile: found.profile.profile,
    from: found.source.set.name,
    root: found.path,
    layout: written.layout ?? 'mirror',
    names: written.names ?? 'keep',
    copy: written.copy ?? [],
    passthrough: passthroughOf(written),
    playlists: playlistsOf(written),
    prune: written.prune ?? false,
  };
}

function findProfile(
  written: Output,
  place: Place,
  context: OutputContext,
): LocatedProfile | undefined {
  const { profiles, report } = context;
  const { profile: name, codec } = written;
  if (name === undefined) {
    if (codec === undefined) throw new Error('an output without profile and codec is not valid');
    return resolveProfile({ name: codec, written: written as WrittenProfile, place }, context);
  }
  const profile = profiles.get(name);
  if (profile !== undefined) return profile;
  const known = [...profiles.keys()];
  const list = known.length === 0 ? 'there are no profiles' : `profiles: ${known.join(', ')}`;
  report(
    failureIn(below(place, 'profile'), {
      code: 'MANIFEST_UNKNOWN_NAME',
      message: `there is no profile "${name}"`,
      hint: didYouMean(nearest(name, known), list),
    }),
  );
  return undefined;
}

function findSource(
  { from }: Output,
  place: Place,
  { sources, report }: OutputContext,
): LocatedSource | undefined {
  const names = sources.map(({ set }) => set.name);
  if (from === undefined) {
    if (sources.length > 1) {
      const message = 'the output does not say which source it is from';
      const hint = `add "from:" with one of ${names.join(', ')}`;
      report(failureIn(place, { code: 'MANIFEST_MISSING_KEY', message, hint }));
      return undefined;
    }
    return sources[0];
  }
  const source = sources.find(({ set }) => set.name === from);
  if (source !== undefined || sources.length === 0) return source;
  report(
    failureIn(below(place, 'from'), {
      code: 'MANIFEST_UNKNOWN_NAME',
      message: `there is no source "${from}"`,
      hint: didYouMean(nearest(from, names), `sources: ${names.join(', ')}`),
    }),
  );
  return undefined;
}

function resolveTo(
  to: string,
  names: Readonly<Record<string, string>>,
  { place, base, report }: { place: Place; base: PathBase; report: Report },
): AbsolutePath | undefined {
  const filled = fillPlaceholders(to, names);
  const path = filled.ok ? expandPath(filled.value, base) : filled;
  if (path.ok) return path.value;
  report(failureIn(below(place, 'to'), path.error));
  return undefined;
}

function reportDetails(written: Output, place: Place, report: Report): void {
  const { layout, copy, passthroughFiles, playlists } = written;
  reportPatterns(copy, below(place, 'copy'), report);
  reportPatterns(passthroughFiles, below(place, 'passthroughFiles'), report);
  const lists = typeof playlists === 'boolean' ? undefined : playlists;
  reportPatterns(lists, below(place, 'playlists'), report);
  const problem = layout === undefined ? undefined : layoutProblem(layout);
  if (problem !== undefined) report(failureIn(below(place, 'layout'), problem));
}

/** `phone`, then `phone-2`, `phone-3`; never the name of another profile that has outputs. */
function uniqueName(profile: string, used: Set<string>, taken: ReadonlySet<string>): string {
  let name = profile;
  for (let n = 2; used.has(name) || (name !== profile && taken.has(name)); n++) {
    name = `${profile}-${n}`;
  }
  used.add(name);
  return name;
}
