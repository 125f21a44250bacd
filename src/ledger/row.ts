import type { AbsolutePath, Sha256 } from '../lib/brand.js';
import type { StatKey } from '../lib/stat-key.js';
import type { Recipe } from '../manifest/manifest.js';

import type { Entry, FailureRecord, MadeRecord, SourceRecord } from './entry.js';
import type { StoredPaths } from './stored-path.js';
import type { Tables } from './tables.js';

/** What a shard holds: the value of a key, or that it has none any more. */
export type Row = EntryRow | FailureRow | DirectoryRow | GoneRow;
export type RowKind = 'entry' | 'failure' | 'directory';

/** An `Entry` with stored paths; recipe and encoder are digests. */
export interface EntryRow {
  readonly kind: 'entry';
  readonly path: string;
  readonly set: string;
  readonly source: StoredSource & Omit<SourceRecord, 'path' | 'stat'>;
  readonly recipe: string;
  readonly encoder: string;
  readonly output: { readonly stat: StatKey; readonly sha256: Sha256; readonly samples: number };
  readonly made: MadeRecord;
  readonly unverified?: true;
}

/** A `FailureRecord` with stored paths; the recipe is a digest. */
export interface FailureRow {
  readonly kind: 'failure';
  readonly path: string;
  readonly set: string;
  readonly source: StoredSource;
  readonly recipe: string;
  readonly code: string;
  readonly text: string;
  readonly count: number;
  readonly at: string;
  readonly stderrTail?: string;
}

export interface DirectoryRow {
  readonly kind: 'directory';
  readonly path: string;
}

/** Tombstone: older shards' rows of this key do not count. */
export interface GoneRow {
  readonly kind: 'gone';
  readonly of: RowKind;
  readonly path: string;
}

interface StoredSource {
  readonly path: string;
  readonly stat: StatKey;
}

/** Puts rows into their stored form and back. */
export class RowCodec {
  readonly paths: StoredPaths;
  readonly tables: Tables;

  constructor(paths: StoredPaths, tables: Tables) {
    this.paths = paths;
    this.tables = tables;
  }

  entryRow(entry: Entry): EntryRow {
    return {
      kind: 'entry',
      path: this.paths.store(entry.path),
      set: entry.set,
      source: { ...entry.source, path: this.paths.store(entry.source.path) },
      recipe: this.tables.recipeDigest(entry.recipe),
      encoder: this.tables.encoderDigest(entry.encoder),
      output: entry.output,
      made: entry.made,
      ...(entry.unverified === true ? { unverified: true } : {}),
    };
  }

  failureRow(record: FailureRecord): FailureRow {
    return {
      kind: 'failure',
      ...record,
      path: this.paths.store(record.path),
      source: { ...record.source, path: this.paths.store(record.source.path) },
      recipe: this.tables.recipeDigest(record.recipe),
    };
  }

  /** `undefined` when it is no such row, or its recipe or encoder is unknown. */
  entry(row: Row): Entry | undefined {
    if (row.kind !== 'entry' || !isEntryRow(row)) return undefined;
    const recipe = this.tables.recipe(row.recipe);
    const encoder = this.tables.encoder(row.encoder);
    if (recipe === undefined || encoder === undefined) return undefined;
    const { made, output } = row;
    return {
      path: this.paths.restore(row.path),
      set: this.tables.shareString(row.set),
      source: this.tables.shareSource(this.#source(row.source)),
      recipe,
      encoder,
      output: { stat: output.stat, sha256: output.sha256, samples: output.samples },
      made: {
        at: made.at,
        run: this.tables.shareString(made.run),
        worker: this.tables.shareString(made.worker),
        ms: made.ms,
      },
      ...(row.unverified === true ? { unverified: true } : {}),
    };
  }

  #source(row: EntryRow['source']): SourceRecord {
    const source = {
      path: this.paths.restore(row.path),
      stat: row.stat,
      audioId: row.audioId,
      tagId: row.tagId,
      sha256: row.sha256,
    };
    return row.racy === true ? { ...source, racy: true } : source;
  }

  failure(row: Row): FailureRecord | undefined {
    if (row.kind !== 'failure' || !isFailureRow(row)) return undefined;
    const recipe: Recipe | undefined = this.tables.recipe(row.recipe);
    if (recipe === undefined) return undefined;
    return {
      path: this.paths.restore(row.path),
      set: this.tables.shareString(row.set),
      source: { path: this.paths.restore(row.source.path), stat: row.source.stat },
      recipe,
      code: this.tables.shareString(row.code),
      text: row.text,
      count: row.count,
      at: row.at,
      ...(row.stderrTail === undefined ? {} : { stderrTail: row.stderrTail }),
    };
  }

  path(row: Row): AbsolutePath | undefined {
    return areStrings(row.path) ? this.paths.restore(row.path) : undefined;
  }
}

/** A hand check: a schema validator would take longer than all the rest of a load. */
function isEntryRow(row: Partial<EntryRow>): boolean {
  const { source, output, made } = row;
  if (!source || !output || !made) return false;
  return (
    areStrings(row.path, row.set, row.recipe, row.encoder) &&
    areStrings(source.path, source.stat, source.audioId, source.tagId, source.sha256) &&
    areStrings(output.stat, output.sha256, made.at, made.run, made.worker) &&
    areNumbers(output.samples, made.ms)
  );
}

function isFailureRow(row: Partial<FailureRow>): boolean {
  const { source } = row;
  if (!source) return false;
  return (
    areStrings(row.path, row.set, row.recipe, row.code, row.text, row.at) &&
    areStrings(source.path, source.stat) &&
    areNumbers(row.count)
  );
}

function areStrings(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'string');
}

function areNumbers(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'number');
}
