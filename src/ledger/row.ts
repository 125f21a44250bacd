import type { AbsolutePath, Sha256 } from '../lib/brand.js';
import type { Json } from '../lib/json.js';
import type { StatKey } from '../lib/stat-key.js';
import type { AudioId, TagId } from '../sources/identity.js';
import type { Entry, FailureRecord, SourceRecord } from './entry.js';
import type { StoredPaths } from './stored-path.js';
import type { Tables } from './tables.js';

/*
 * What a shard holds: the value of a key, or that it has none any more. Rows are arrays, because
 * parsing is most of what loading a ledger costs, and an array parses in half the time of an object.
 */
export type Row = EntryRow | FailureRow | DirectoryRow | GoneRow;
export type RowKind = 'entry' | 'failure' | 'directory';

/** An `Entry` with stored paths; recipe and encoder are digests. */
export type EntryRow = readonly [
  kind: 'entry',
  path: string,
  set: string,
  sourcePath: string,
  sourceStat: StatKey,
  audioId: AudioId,
  tagId: TagId,
  sourceSha256: Sha256,
  recipe: string,
  encoder: string,
  stat: StatKey,
  sha256: Sha256,
  samples: number,
  at: string,
  run: string,
  worker: string,
  ms: number,
  flags: EntryFlags,
];

/** `r`: the source was racy; `u`: the row is unverified. */
type EntryFlags = '' | 'r' | 'u' | 'ru';

/** A `FailureRecord` with stored paths; the recipe is a digest. */
export type FailureRow = readonly [
  kind: 'failure',
  path: string,
  set: string,
  sourcePath: string,
  sourceStat: StatKey,
  recipe: string,
  code: string,
  text: string,
  count: number,
  at: string,
  stderrTail: string,
];

export type DirectoryRow = readonly [kind: 'directory', path: string];

/** Tombstone: older shards' rows of this key do not count. */
export type GoneRow = readonly [kind: 'gone', path: string, of: RowKind];

/** The type of each column, `s` string or `n` number. */
export const COLUMNS: Readonly<Record<Row[0], string>> = {
  entry: 'ssssssssssssnsssns',
  failure: 'ssssssssnss',
  directory: 'ss',
  gone: 'sss',
};

/** Checks the shape by hand: a schema validator would take longer than all the rest of a load. */
export function isRow(json: Json): json is Row {
  if (!Array.isArray(json)) return false;
  const columns = COLUMNS[json[0] as Row[0]];
  if (columns?.length !== json.length) return false;
  for (let at = 0; at < columns.length; at += 1) {
    if (typeof json[at] !== (columns[at] === 's' ? 'string' : 'number')) return false;
  }
  return true;
}

/** Puts rows into their stored form and back. */
export class RowCodec {
  readonly paths: StoredPaths;
  readonly tables: Tables;

  constructor(paths: StoredPaths, tables: Tables) {
    this.paths = paths;
    this.tables = tables;
  }

  entryRow({ path, set, source, recipe, encoder, output, made, unverified }: Entry): EntryRow {
    return [
      'entry',
      this.paths.store(path),
      set,
      this.paths.store(source.path),
      source.stat,
      source.audioId,
      source.tagId,
      source.sha256,
      this.tables.recipeDigest(recipe),
      this.tables.encoderDigest(encoder),
      output.stat,
      output.sha256,
      output.samples,
      made.at,
      made.run,
      made.worker,
      made.ms,
      `${source.racy === true ? 'r' : ''}${unverified === true ? 'u' : ''}`,
    ];
  }

  failureRow(record: FailureRecord): FailureRow {
    const { path, set, source, recipe, code, text, count, at, stderrTail } = record;
    return [
      'failure',
      this.paths.store(path),
      set,
      this.paths.store(source.path),
      source.stat,
      this.tables.recipeDigest(recipe),
      code,
      text,
      count,
      at,
      stderrTail ?? '',
    ];
  }

  /** `undefined` when its recipe or encoder is unknown. */
  entry(row: EntryRow): Entry | undefined {
    const recipe = this.tables.recipe(row[8]);
    const encoder = this.tables.encoder(row[9]);
    if (recipe === undefined || encoder === undefined) return undefined;
    const entry: Entry = {
      path: this.paths.restore(row[1]),
      set: this.tables.shareString(row[2]),
      source: this.#source(row),
      recipe,
      encoder,
      output: { stat: row[10], sha256: row[11], samples: row[12] },
      made: {
        at: row[13],
        run: this.tables.shareString(row[14]),
        worker: this.tables.shareString(row[15]),
        ms: row[16],
      },
    };
    return row[17].endsWith('u') ? { ...entry, unverified: true } : entry;
  }

  /** `undefined` when its recipe is unknown. */
  failure(row: FailureRow): FailureRecord | undefined {
    const [, path, set, sourcePath, stat, digest, code, text, count, at, stderrTail] = row;
    const recipe = this.tables.recipe(digest);
    if (recipe === undefined) return undefined;
    return {
      path: this.paths.restore(path),
      set: this.tables.shareString(set),
      source: { path: this.paths.restore(sourcePath), stat },
      recipe,
      code: this.tables.shareString(code),
      text,
      count,
      at,
      ...(stderrTail === '' ? {} : { stderrTail }),
    };
  }

  path(row: Row): AbsolutePath {
    return this.paths.restore(row[1]);
  }

  #source(row: EntryRow): SourceRecord {
    const source = {
      path: this.paths.restore(row[3]),
      stat: row[4],
      audioId: row[5],
      tagId: row[6],
      sha256: row[7],
    };
    return row[17].startsWith('r') ? { ...source, racy: true } : source;
  }
}
