import { dirname, join } from 'node:path';
import type { Machine } from '../codecs/machine.js';
import type { AbsolutePath } from '../lib/brand.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import { manifestDigest } from './digest.js';
import { byPlace } from './failure.js';
import type { ManifestFailure } from './failure.js';
import type { Cluster, Policy as WrittenPolicy } from './manifest-file.gen.js';
import type { ClusterSettings, Manifest, Policy } from './manifest.js';
import { missingPrograms } from './missing-programs.js';
import { below, failureIn } from './place.js';
import type { Place } from './place.js';
import { resolveOutputs } from './resolve-outputs.js';
import type { LocatedOutput } from './resolve-outputs.js';
import { resolveProviders } from './resolve-providers.js';
import { resolveProfiles } from './resolve-profiles.js';
import { resolveSources } from './resolve-sources.js';
import type { Report } from './resolve-sources.js';
import { reportOverlaps } from './report-overlaps.js';
import type { RealPath } from './report-overlaps.js';
import { parseDuration, parseMaxDelete } from './units.js';
import type { SharedProfiles, ValidManifest } from './validate.js';

/** What a manifest means depends on where it stands. */
export interface ResolveContext {
  /** The manifest file: relative paths begin in its folder. */
  readonly file: AbsolutePath;
  /** What `~` stands for. */
  readonly home: string;
  /** Profiles of the files that the manifest extends, in their order. */
  readonly shared?: readonly SharedProfiles[];
  /** Whether a program can be run here; without it no program is asked for. */
  readonly hasProgram?: ((name: string) => boolean) | undefined;
  /** What this machine can run; without it nothing is asked of it. */
  readonly machine?: Machine | undefined;
  /** Where folders lead to; without it no links are followed. */
  readonly realPath?: RealPath;
}

/** Turns a valid manifest into what the planner takes, or names all that does not fit together. */
export function resolveManifest(
  { document, content }: ValidManifest,
  context: ResolveContext,
): Result<Manifest, readonly ManifestFailure[]> {
  const failures: ManifestFailure[] = [];
  const report: Report = (failure) => failures.push(failure);
  const root: Place = { document, path: [] };
  const directory = dirname(context.file);
  const base = { directory, home: context.home };
  const stateDirectory = join(directory, '.flac2all') as AbsolutePath;

  const { machine, shared = [], realPath = (path) => path } = context;
  const profiles = resolveProfiles(content, root, { shared, report, machine });
  const sources = resolveSources(content, root, { base, report });
  const outputs = resolveOutputs(content, root, { profiles, sources, base, report, machine });
  reportOverlaps({ sources, outputs, stateDirectory }, realPath, report);
  reportPort(content.cluster, root, report);
  const providers = resolveProviders(content.cluster ?? {}, root, { base, report });
  reportPrograms(outputs, context, report);
  if (failures.length > 0) return err(failures.toSorted(byPlace));

  const sourceSets = sources.map(({ set }) => set);
  const outputSets = outputs.map(({ set }) => set);
  const policy = resolvePolicy(content.policy ?? {});
  return ok({
    file: context.file,
    digest: manifestDigest(sourceSets, outputSets, policy),
    stateDirectory,
    sources: sourceSets,
    outputs: outputSets,
    policy,
    cluster: { ...resolveCluster(content.cluster ?? {}), providers },
  });
}

function reportPrograms(
  outputs: readonly LocatedOutput[],
  { hasProgram, machine }: ResolveContext,
  report: Report,
): void {
  if (hasProgram === undefined) return;
  const used = new Set(outputs.map(({ profile }) => profile));
  for (const profile of used) {
    for (const failure of missingPrograms(profile, { hasProgram, machine })) report(failure);
  }
}

function reportPort(cluster: Cluster | undefined, root: Place, report: Report): void {
  const port = /:(\d+)$/.exec(cluster?.bind ?? '')?.[1];
  if (port === undefined || (Number(port) > 0 && Number(port) <= 65_535)) return;
  const message = `${port} is no port number`;
  const hint = 'a port is a number from 1 to 65535; * takes a free one';
  report(failureIn(below(root, 'cluster', 'bind'), { code: 'MANIFEST_BAD_VALUE', message, hint }));
}

function resolvePolicy(written: WrittenPolicy): Policy {
  return {
    onDrift: written.onDrift ?? 'report',
    rebuildOnEncoderChange: written.rebuildOnEncoderChange ?? false,
    maxDelete: parseMaxDelete(written.maxDelete),
    ...(written.trash === undefined ? {} : { trashMs: parseDuration(written.trash) }),
    minAgeMs: parseDuration(written.minAge ?? '2s'),
    maxFailures: written.maxFailures ?? 1,
  };
}

function resolveCluster({
  bind,
  workers,
  insecure,
  advertise,
  uniformTools,
  metrics,
}: Cluster): Omit<ClusterSettings, 'providers'> {
  return {
    bind,
    workers: typeof workers === 'number' ? workers : 'auto',
    insecure: insecure === true,
    advertise,
    uniformTools: uniformTools ?? 'warn',
    ...(metrics === undefined ? {} : { metrics }),
  };
}
