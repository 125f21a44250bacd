import type { AbsolutePath } from '../lib/brand.js';
import type { JsonObject } from '../lib/json.js';
import type { StatKey } from '../lib/stat-key.js';
import type { Recipe } from '../manifest/manifest.js';
import type { Entry, FailureRecord, StagedRecord } from './entry.js';
import type { EntryRow, FailureRow, RowCodec } from './row.js';
import { unreachable } from '../lib/unreachable.js';

/** What happened, as the journal tells it; paths absolute. */
export type JournalRecord =
  | RunRecord
  | EndRecord
  | { readonly kind: 'leased'; readonly output: AbsolutePath; readonly part: AbsolutePath }
  | ({ readonly kind: 'staged' } & StagedRecord)
  | { readonly kind: 'done'; readonly output: AbsolutePath; readonly stat: StatKey }
  | { readonly kind: 'released'; readonly output: AbsolutePath }
  | { readonly kind: 'failed'; readonly failure: FailureRecord }
  | { readonly kind: 'updated'; readonly entry: Entry }
  | {
      readonly kind: 'dropped';
      readonly output: AbsolutePath;
      readonly why: 'deleted' | 'forgotten';
    }
  | {
      readonly kind: 'directories';
      readonly made: readonly AbsolutePath[];
      readonly removed: readonly AbsolutePath[];
    };

/** For people who read a journal: who wrote what follows. */
export interface RunRecord {
  readonly kind: 'run';
  readonly id: string;
  readonly command: string;
  readonly host: string;
  readonly pid: number;
  readonly at: string;
}

/** The run came to its end, after so many milliseconds of wall clock. */
export interface EndRecord {
  readonly kind: 'ended';
  readonly ms: number;
}

/** A row with its recipe and encoder beside it: a record must be understood without any table. */
interface EntryJson {
  readonly row: EntryRow;
  readonly recipe: Recipe;
  readonly encoder: string;
}

interface FailureJson {
  readonly row: FailureRow;
  readonly recipe: Recipe;
}

/** The stored form: paths as `StoredPaths` keeps them, rows as in shards. */
export type RecordJson =
  | RunRecord
  | EndRecord
  | { readonly kind: 'leased'; readonly output: string; readonly part: string }
  | ({ readonly kind: 'staged'; readonly part: string; readonly before?: StatKey } & EntryJson)
  | { readonly kind: 'done'; readonly output: string; readonly stat: StatKey }
  | { readonly kind: 'released'; readonly output: string }
  | ({ readonly kind: 'failed' } & FailureJson)
  | ({ readonly kind: 'updated' } & EntryJson)
  | {
      readonly kind: 'dropped';
      readonly output: string;
      readonly why: 'deleted' | 'forgotten';
    }
  | {
      readonly kind: 'directories';
      readonly made: readonly string[];
      readonly removed: readonly string[];
    };

/** Gives a record its stored form. */
export function storeRecord(record: JournalRecord, codec: RowCodec): RecordJson {
  const { store } = codec.paths;
  switch (record.kind) {
    case 'run':
    case 'ended':
      return record;
    case 'leased':
      return { ...record, output: store(record.output), part: store(record.part) };
    case 'staged':
      return {
        kind: 'staged',
        part: store(record.part),
        ...(record.before === undefined ? {} : { before: record.before }),
        ...entryJson(record.entry, codec),
      };
    case 'done':
    case 'released':
    case 'dropped':
      return { ...record, output: store(record.output) };
    case 'failed': {
      const { failure } = record;
      return { kind: 'failed', row: codec.failureRow(failure), recipe: failure.recipe };
    }
    case 'updated':
      return { kind: 'updated', ...entryJson(record.entry, codec) };
    case 'directories': {
      const { made, removed } = record;
      return { kind: 'directories', made: made.map(store), removed: removed.map(store) };
    }
    default:
      return unreachable(record);
  }
}

/** Reads a stored record; `undefined` when it is none. Expects what `storeRecord` made. */
export function restoreRecord(json: JsonObject, codec: RowCodec): JournalRecord | undefined {
  const record = json as RecordJson;
  const { restore } = codec.paths;
  switch (record.kind) {
    case 'run':
    case 'ended':
      return record;
    case 'leased':
      return { ...record, output: restore(record.output), part: restore(record.part) };
    case 'staged': {
      const entry = entryOf(record, codec);
      if (entry === undefined) return undefined;
      const { before } = record;
      const staged = { kind: 'staged', entry, part: restore(record.part) } as const;
      return before === undefined ? staged : { ...staged, before };
    }
    case 'done':
    case 'released':
    case 'dropped':
      return { ...record, output: restore(record.output) };
    case 'failed': {
      learn(record.row[5], record.recipe, codec);
      const failure = codec.failure(record.row);
      return failure === undefined ? undefined : { kind: 'failed', failure };
    }
    case 'updated': {
      const entry = entryOf(record, codec);
      return entry === undefined ? undefined : { kind: 'updated', entry };
    }
    case 'directories': {
      const { made, removed } = record;
      return { kind: 'directories', made: made.map(restore), removed: removed.map(restore) };
    }
    default:
      return undefined;
  }
}

function entryJson(entry: Entry, codec: RowCodec): EntryJson {
  return { row: codec.entryRow(entry), recipe: entry.recipe, encoder: entry.encoder };
}

function entryOf(json: EntryJson, codec: RowCodec): Entry | undefined {
  learn(json.row[8], json.recipe, codec);
  codec.tables.encoderDigest(json.encoder);
  return codec.entry(json.row);
}

/** Digests are slow and recipes repeat. */
function learn(digest: string, recipe: Recipe, { tables }: RowCodec): void {
  if (tables.recipe(digest) === undefined) tables.recipeDigest(recipe);
}
