import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LedgerView } from '../ledger/entry.js';
import type { AbsolutePath } from '../lib/brand.js';
import type { Disk } from '../lib/disk.js';
import { errorCode } from '../lib/failure.js';
import type { LookAtAll } from '../lib/looking.js';
import type { Failure } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { ok } from '../lib/result.js';
import type { Manifest, SourceSet } from '../manifest/manifest.js';
import type { Desired } from '../plan/action.js';
import type { PlanInput } from '../plan/make-plan.js';
import { picturePatterns } from '../plan/folder-pictures.js';
import { isPlaylistRecipe } from '../plan/sidecar.js';
import type { SourceFacts } from '../plan/wanted.js';
import { copiedPatterns, wantedOutputs } from '../plan/wanted.js';
import type { RunEvent } from '../report/event.js';
import { identifySources } from '../sources/identify.js';
import type { KnownSources } from '../sources/identify.js';
import { scanSources } from '../sources/scan.js';
import type { Scan } from '../sources/source.js';
import { linkInTheWay } from './link-in-the-way.js';
import { identifyMovedSidecars } from './moved-sidecars.js';
import { readPlaylists } from './read-playlists.js';
import { Survey } from './survey.js';

export interface ObserveOptions {
  readonly disk: Disk;
  readonly lookAtAll: LookAtAll;
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

/** What was found below each source root, by the name of the source set. */
export type Scans = ReadonlyMap<string, Scan>;

/** Finds the files of all source sets; needs no ledger, so that the two can be read together. */
export async function scanAll(
  manifest: Manifest,
  options: ObserveOptions,
): Promise<Result<Scans, Failure>> {
  const scans = new Map<string, Scan>();
  // Source sets may share folders.
  const told = new Set<string>();
  for (const set of manifest.sources) {
    const scanned = await scanSet(set, manifest, options);
    if (!scanned.ok) return scanned;
    for (const { path, code, text } of scanned.value.problems) {
      if (!told.has(path)) options.emit({ type: 'scan-problem', path, code, text });
      told.add(path);
    }
    scans.set(set.name, scanned.value);
  }
  return ok(scans);
}

/** Finds out what the scanned files hold and what stands at the outputs' paths; reads, never writes. */
export async function observe(
  { manifest, ledger, scans }: Seen,
  options: ObserveOptions,
): Promise<Observation> {
  // One thing at a time is told, although both go on.
  let isIdentified = false;
  const survey = new Survey(ledger, {
    ...options,
    onProgress: (done, total) => {
      if (isIdentified) options.emit({ type: 'scan-progress', stage: 'outputs', done, total });
    },
  });
  const wanting = findWanted({ manifest, ledger, scans }, options).finally(() => {
    isIdentified = true;
  });
  const [desired] = await Promise.all([wanting, survey.lookAtRecorded()]);
  const disk = await survey.lookAtWanted(desired.map(({ output }) => output));
  const problems = [...scans.values()].flatMap((scan) => scan.problems.map(({ path }) => path));
  const unseen = new Set(problems);
  return {
    desired,
    disk,
    problems: unseen.size,
    emptySets: [...scans].flatMap(([name, { files }]) => (files.length === 0 ? [name] : [])),
    sources: [...scans.values()].reduce((sum, { files }) => sum + files.length, 0),
    unseen: (source) => isUnder(source, unseen),
    sourceExists: exists,
    linkInTheWay: (output) => linkInTheWay(output, manifest, ledger),
  };
}

/** All that is known before files are looked into. */
export interface Seen {
  readonly manifest: Manifest;
  readonly ledger: LedgerView;
  readonly scans: Scans;
}

async function findWanted(seen: Seen, options: ObserveOptions): Promise<readonly Desired[]> {
  const { manifest, ledger } = seen;
  const facts = await identifyAll(seen, options);
  const wanted = await readPlaylists(wantedOutputs(manifest, facts));
  return identifyMovedSidecars(wanted, ledger, signalOf(options));
}

async function identifyAll(
  { manifest, ledger, scans }: Seen,
  options: ObserveOptions,
): Promise<ReadonlyMap<string, SourceFacts>> {
  const known = knownSources(ledger);
  const facts = new Map<string, SourceFacts>();
  for (const [name, scan] of scans) {
    facts.set(name, await identifySet(name, { manifest, scan, known, options }));
  }
  return facts;
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
    outputs: manifest.outputs.map(({ root }) => root),
    lookAtAll: options.lookAtAll,
    ...signalOf(options),
    onProgress: (done) =>
      options.emit({ type: 'scan-progress', stage: 'sources', done, total: undefined }),
  });
}

async function identifySet(name: string, context: IdentifyContext): Promise<SourceFacts> {
  const { manifest, scan, known, options } = context;
  const common = {
    ...signalOf(options),
    onProgress: (done: number, total: number) =>
      options.emit({ type: 'scan-progress', stage: 'headers', done, total }),
  };
  const wantFields = manifest.outputs.some(
    ({ from, layout }) => from === name && layout !== 'mirror' && layout !== 'flat',
  );
  return {
    files: await identifySources(scan.files, known, { ...common, wantFields }),
    sidecars: await identifySources(scan.sidecars, known, { ...common, sidecar: true }),
  };
}

interface IdentifyContext {
  readonly manifest: Manifest;
  readonly scan: Scan;
  readonly known: KnownSources;
  readonly options: ObserveOptions;
}

function signalOf({ signal }: ObserveOptions): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

/** What the ledger knows of each source, by path. */
export function knownSources({ entries }: LedgerView): KnownSources {
  // What is recorded of a playlist tells of its rewritten text.
  return entries.recordedSources((recipe) => !isPlaylistRecipe(recipe));
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
