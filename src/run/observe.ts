import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LedgerView, SourceRecord } from '../ledger/entry.js';
import type { AbsolutePath } from '../lib/brand.js';
import type { Disk } from '../lib/disk.js';
import { errorCode } from '../lib/failure.js';
import type { Failure } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { ok } from '../lib/result.js';
import type { Manifest, SourceSet } from '../manifest/manifest.js';
import type { PlanInput } from '../plan/make-plan.js';
import { picturePatterns } from '../plan/folder-pictures.js';
import { isPlaylistRecipe } from '../plan/sidecar.js';
import type { SourceFacts } from '../plan/wanted.js';
import { copiedPatterns, wantedOutputs } from '../plan/wanted.js';
import type { RunEvent } from '../report/event.js';
import { identifySources } from '../sources/identify.js';
import type { KnownSource } from '../sources/known-source.js';
import { scanSources } from '../sources/scan.js';
import type { Scan } from '../sources/source.js';
import { linkInTheWay } from './link-in-the-way.js';
import { identifyMovedSidecars } from './moved-sidecars.js';
import { readPlaylists } from './read-playlists.js';
import { surveyOutputs } from './survey.js';

export interface ObserveOptions {
  readonly disk: Disk;
  readonly emit: (event: RunEvent) => void;
  readonly signal?: AbortSignal;
}

export interface Observation extends Pick<
  PlanInput,
  'desired' | 'disk' | 'unseen' | 'sourceExists' | 'linkInTheWay'
> {
  /** FLAC sources seen. */
  readonly sources: number;
  /** Names of source sets in which no FLAC file was found. */
  readonly emptySets: readonly string[];
  /** How many things the scan could not take (unreadable folders, broken links, odd names). */
  readonly problems: number;
}

/** Looks at sources and outputs; reads, never writes. */
export async function observe(
  manifest: Manifest,
  ledger: LedgerView,
  options: ObserveOptions,
): Promise<Result<Observation, Failure>> {
  const seen = await observeSources(manifest, ledger, options);
  if (!seen.ok) return seen;
  const { facts, problems, unseen, emptySets } = seen.value;
  const wanted = await readPlaylists(wantedOutputs(manifest, facts, ledger.entries));
  const desired = await identifyMovedSidecars(wanted, ledger, signalOf(options));
  const disk = await surveyOutputs(
    desired.map(({ output }) => output),
    ledger,
    {
      disk: options.disk,
      ...signalOf(options),
      onProgress: (done, total) =>
        options.emit({ type: 'scan-progress', stage: 'outputs', done, total }),
    },
  );
  return ok({
    desired,
    disk,
    problems,
    emptySets,
    sources: [...facts.values()].reduce((sum, { files }) => sum + files.length, 0),
    unseen: (source) => isUnder(source, unseen),
    sourceExists: exists,
    linkInTheWay: (output) => linkInTheWay(output, manifest, ledger),
  });
}

interface SeenSources extends Pick<Observation, 'emptySets' | 'problems'> {
  /** By the name of the source set. */
  readonly facts: ReadonlyMap<string, SourceFacts>;
  /** Paths of which the scan could not tell what is there. */
  readonly unseen: ReadonlySet<string>;
}

async function observeSources(
  manifest: Manifest,
  ledger: LedgerView,
  options: ObserveOptions,
): Promise<Result<SeenSources, Failure>> {
  const known = knownSources(ledger);
  const facts = new Map<string, SourceFacts>();
  const unseen = new Set<string>();
  const emptySets: string[] = [];
  let problems = 0;
  for (const set of manifest.sources) {
    const scanned = await scanSet(set, manifest, options);
    if (!scanned.ok) return scanned;
    for (const { path, code, text } of scanned.value.problems) {
      problems += 1;
      options.emit({ type: 'scan-problem', path, code, text });
      unseen.add(path);
    }
    if (scanned.value.files.length === 0) emptySets.push(set.name);
    facts.set(set.name, await identifySet(set, { manifest, scan: scanned.value, known, options }));
  }
  return ok({ facts, unseen, emptySets, problems });
}

function scanSet(
  set: SourceSet,
  manifest: Manifest,
  options: ObserveOptions,
): ReturnType<typeof scanSources> {
  const copy = manifest.outputs.flatMap((output) =>
    output.from === set.name ? [...copiedPatterns(output), ...picturePatterns(output)] : [],
  );
  return scanSources(set, {
    copy: [...new Set(copy)],
    ...signalOf(options),
    onProgress: (done) =>
      options.emit({ type: 'scan-progress', stage: 'sources', done, total: undefined }),
  });
}

async function identifySet(set: SourceSet, context: IdentifyContext): Promise<SourceFacts> {
  const { manifest, scan, known, options } = context;
  const common = {
    ...signalOf(options),
    onProgress: (done: number, total: number) =>
      options.emit({ type: 'scan-progress', stage: 'headers', done, total }),
  };
  const wantFields = manifest.outputs.some(
    ({ from, layout }) => from === set.name && layout !== 'mirror' && layout !== 'flat',
  );
  const recorded = (path: AbsolutePath): readonly KnownSource[] => recordsOf(known.get(path));
  return {
    files: await identifySources(scan.files, recorded, { ...common, wantFields }),
    sidecars: await identifySources(scan.sidecars, recorded, { ...common, sidecar: true }),
  };
}

interface IdentifyContext {
  readonly manifest: Manifest;
  readonly scan: Scan;
  readonly known: Known;
  readonly options: ObserveOptions;
}

function signalOf({ signal }: ObserveOptions): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

/** Most sources have one record: no list is kept for it. */
type Known = ReadonlyMap<AbsolutePath, SourceRecord | readonly SourceRecord[]>;

function recordsOf(
  known: SourceRecord | readonly SourceRecord[] | undefined,
): readonly SourceRecord[] {
  if (known === undefined) return [];
  return 'path' in known ? [known] : known;
}

/** What the ledger knows of each source, by path. Outputs of one source mostly share one record. */
function knownSources(ledger: LedgerView): Known {
  const known = new Map<AbsolutePath, SourceRecord | readonly SourceRecord[]>();
  for (const { source, recipe } of ledger.entries.values()) {
    // What is recorded of a playlist tells of its rewritten text.
    if (isPlaylistRecipe(recipe)) continue;
    const before = known.get(source.path);
    if (before === undefined) known.set(source.path, source);
    else if (!recordsOf(before).includes(source)) {
      known.set(source.path, [...recordsOf(before), source]);
    }
  }
  return known;
}

/** What cannot be looked at is not said to be gone. */
function exists(path: AbsolutePath): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return errorCode(error) !== 'ENOTDIR';
  }
}

/** Whether the path is one of those or lies below one of them. */
function isUnder(path: AbsolutePath, paths: ReadonlySet<string>): boolean {
  if (paths.size === 0) return false;
  for (let at: string = path; at !== dirname(at); at = dirname(at)) if (paths.has(at)) return true;
  return false;
}
