import type { AbsolutePath, Sha256 } from '../lib/brand.js';
import type { StatKey } from '../lib/stat-key.js';
import type { Recipe } from '../manifest/manifest.js';
import type { AudioId, TagId } from '../sources/identity.js';
import type { RunSummary } from './run-log.js';

/** One output that flac2all made: from what, how, and what it looked like when it was done. */
export interface Entry {
  /** The key of the ledger. */
  readonly path: AbsolutePath;
  /** Name of the output set it was made for; for people. */
  readonly set: string;
  readonly source: SourceRecord;
  readonly recipe: Recipe;
  /** What made it: `opusenc 0.2 (libopus 1.3.1)`. */
  readonly encoder: string;
  readonly output: OutputRecord;
  readonly made: MadeRecord;
  /** The shard that held the row was damaged: may be adopted by checksum, never deleted or overwritten. */
  readonly unverified?: true;
}

/** The source as it was when the output was made. */
export interface SourceRecord {
  readonly path: AbsolutePath;
  readonly stat: StatKey;
  readonly audioId: AudioId;
  readonly tagId: TagId;
  readonly sha256: Sha256;
  /** The file was so young when it was read that an edit could hide behind an equal stat. */
  readonly racy?: true | undefined;
}

/** The output as it was when it was done. */
export interface OutputRecord {
  readonly stat: StatKey;
  readonly sha256: Sha256;
  /** Sample frames of the source that are in it; 0 for sidecars. */
  readonly samples: number;
}

/** When and by whom it was made, and how long that took in milliseconds. */
export interface MadeRecord {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly run: string;
  /** `host/slot`. */
  readonly worker: string;
  readonly ms: number;
}

/** A failure that is remembered, so that the same inputs are not tried every night. */
export interface FailureRecord {
  readonly path: AbsolutePath;
  readonly set: string;
  readonly source: { readonly path: AbsolutePath; readonly stat: StatKey };
  readonly recipe: Recipe;
  readonly code: string;
  readonly text: string;
  readonly count: number;
  readonly at: string;
  readonly stderrTail?: string;
}

/** An output that was renamed into place, or was about to be, when the run ended. */
export interface StagedRecord {
  /** The row that the output will have; its `output.stat` is that of the part file. */
  readonly entry: Entry;
  readonly part: AbsolutePath;
  /** What stood at the output's path when it was staged; absent: nothing. */
  readonly before?: StatKey;
}

/** What a plan compares of each output: a view of its row, of which that is read only that is asked for. */
export interface Glance extends Pick<Entry, 'set' | 'recipe' | 'encoder' | 'source'> {
  readonly unverified?: true | undefined;
  /** Of the output. */
  readonly stat: StatKey;
}

/**
 * The rows by the paths of their outputs. They are not kept as objects: each call makes new ones, so
 * they are compared by their paths, and whoever goes through them all keeps what it needs only.
 */
export interface Entries extends Iterable<readonly [AbsolutePath, Entry]> {
  readonly size: number;
  has(path: AbsolutePath): boolean;
  get(path: AbsolutePath): Entry | undefined;
  /** Costs much less than `get`. Mostly, equal sources of two rows are one object, that of `recordedSources`. */
  glance(path: AbsolutePath): Glance | undefined;
  keys(): Iterable<AbsolutePath>;
  values(): Iterable<Entry>;
  /** The rows of all other outputs. */
  without(paths: Iterable<AbsolutePath>): Iterable<Entry>;
  /**
   * What rows as they are now record of the file at a path, each record once: of rows whose recipe counts.
   */
  recordedSources(
    counts: (recipe: Recipe) => boolean,
  ): (path: AbsolutePath) => readonly SourceRecord[];
}

/** The ledger's content as the planner sees it. Maps are keyed by output path. */
export interface LedgerView {
  readonly entries: Entries;
  readonly failures: ReadonlyMap<AbsolutePath, FailureRecord>;
  readonly staged: ReadonlyMap<AbsolutePath, StagedRecord>;
  /** Folders that flac2all made and may remove when they are empty. */
  readonly directories: ReadonlySet<AbsolutePath>;
  /** The last runs that wrote into it, oldest first. */
  readonly runs: readonly RunSummary[];
  /** Random, made once; `undefined` while there is no ledger. */
  readonly lineage: string | undefined;
  /**
   * File name of the manifest whose runs it records; another manifest's plan must not use it.
   * `undefined`: it says nothing yet, or nothing any more, and is whoever's writes next.
   */
  readonly owner: string | undefined;
  /** Rises with every change of an entry, a failure or a folder: equal serials, equal rows. */
  readonly serial: number;
  /** Rises with every run that may write. */
  readonly epoch: number;
}
