import { errorCode, errorMessage } from '../lib/failure.js';
import type { AbsolutePath } from '../lib/brand.js';
import type { Disk } from '../lib/disk.js';
import type { Json, JsonObject } from '../lib/json.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { unreachable } from '../lib/unreachable.js';
import { unreadable } from './failure.js';
import type { LedgerFailure } from './failure.js';
import { journalFile } from './files.js';
import type { LedgerFiles } from './files.js';
import { readJournal } from './journal.js';
import { restoreRecord } from './record.js';
import { parseRoot } from './root-file.js';
import type { ReadRoot, ShardRef } from './root-file.js';
import { isRow, RowCodec } from './row.js';
import type { Row } from './row.js';
import { readShard } from './shard.js';
import { LedgerState } from './state.js';
import { storedPaths } from './stored-path.js';
import { Tables } from './tables.js';

/** Where a ledger is, and the folder that its stored paths are relative to. */
export interface LedgerPlace {
  readonly files: LedgerFiles;
  readonly base: AbsolutePath;
  readonly disk: Disk;
}

/** Everything that a ledger's files say, and what of them was damaged. */
export interface LoadedLedger {
  readonly state: LedgerState;
  readonly codec: RowCodec;
  /** `undefined`: there is no ledger yet. */
  readonly root: ReadRoot | undefined;
  /** The exact content of the root file. */
  readonly rootText: string | undefined;
  readonly damagedShards: readonly string[];
  readonly damagedJournals: readonly number[];
}

type Load = LoadedLedger & {
  readonly damagedShards: string[];
  readonly damagedJournals: number[];
};

/** A reader sees files vanish when a writer replaces the root; so often it starts again. */
const MAX_TRIES = 10;

/**
 * Reads root, shards and journals. Needs no lock: when the root is replaced meanwhile, it reads
 * again. Damage makes rows unverified; only a missing or damaged root is a failure.
 */
export async function loadLedger(place: LedgerPlace): Promise<Result<LoadedLedger, LedgerFailure>> {
  const { files } = place;
  for (let tries = 1; ; tries += 1) {
    try {
      const text = await readRoot(place);
      if (text === undefined) return await loadNothing(place);
      const root = parseRoot(text, files.root);
      if (!root.ok) return root;
      const loaded = await loadAll(place, text, root.value);
      const moved = loaded.damagedShards.length + loaded.damagedJournals.length > 0;
      if (!moved || tries >= MAX_TRIES || (await readRoot(place)) === text) return ok(loaded);
    } catch (error) {
      const code = errorCode(error);
      if (code === undefined) throw error;
      return err(unreadable(files.directory, errorMessage(error), error));
    }
  }
}

async function readRoot({ disk, files }: LedgerPlace): Promise<string | undefined> {
  return (await absentAsUndefined(() => disk.readFile(files.root)))?.toString('utf8');
}

/** No root: a new ledger, unless something is there that a root must have named. */
async function loadNothing(place: LedgerPlace): Promise<Result<LoadedLedger, LedgerFailure>> {
  const { disk, files } = place;
  const shards = await disk.list(files.shards);
  const journals = await disk.list(files.journals);
  // The very first journal is created, empty, before the root that names it.
  const stats = await Promise.all(journals.map((name) => disk.lstat(`${files.journals}/${name}`)));
  const filled = stats.some((entry) => entry !== undefined && !entry.stat.startsWith('0:'));
  if (shards.length > 0 || filled) {
    const late = await readRoot(place);
    if (late !== undefined) return loadLedger(place);
    return err(unreadable(files.root, 'it is missing, but its shards or journals are there'));
  }
  return ok(newLoad(place, undefined, undefined));
}

function newLoad(
  { base }: LedgerPlace,
  rootText: string | undefined,
  root: ReadRoot | undefined,
): Load {
  const codec = new RowCodec(storedPaths(base), new Tables());
  const state = new LedgerState();
  return { state, codec, root, rootText, damagedShards: [], damagedJournals: [] };
}

async function loadAll(place: LedgerPlace, text: string, read: ReadRoot): Promise<LoadedLedger> {
  const load = newLoad(place, text, read);
  const { state, codec } = load;
  const { root } = read;
  state.lineage = root.lineage;
  state.owner = root.owner;
  state.serial = root.serial;
  state.epoch = root.epoch;
  state.runs = root.runs ?? [];
  codec.tables.addAll(root);
  for (const ref of root.shards) await loadShard(place, load, ref);
  for (const epoch of root.journals) await loadJournal(place, load, epoch);
  return load;
}

async function loadShard(place: LedgerPlace, load: Load, ref: ShardRef): Promise<void> {
  const { state } = load;
  let whole = false;
  let found = 0;
  let loaded = 0;
  await absentAsUndefined(async () => {
    const content = await readShard(place.disk, place.files, ref);
    whole = content.whole;
    for await (const rows of content.batches) {
      found += rows.length;
      loaded += loadRows(load, rows, whole ? {} : { unverified: true });
    }
  });
  if (whole && loaded === ref.rows) return;
  load.damagedShards.push(ref.file);
  // A lost row may have overridden or ended one of an older shard.
  if (whole || found < ref.rows) state.distrust();
  else state.serial += 1;
}

/** Returns how many rows could be understood. */
function loadRows(
  { state, codec, root }: Load,
  rows: readonly Json[],
  mark: { readonly unverified?: true },
): number {
  let loaded = 0;
  for (const stored of rows) {
    const row = root === undefined ? stored : root.upgrader.row(stored);
    if (isRow(row) && loadRow(state, codec, { row, mark })) loaded += 1;
  }
  return loaded;
}

function loadRow(
  state: LedgerState,
  codec: RowCodec,
  { row, mark }: { readonly row: Row; readonly mark: { readonly unverified?: true } },
): boolean {
  switch (row[0]) {
    case 'entry': {
      const entry = codec.entry(row);
      if (entry === undefined) return false;
      state.entries.set(entry.path, mark.unverified === true ? { ...entry, ...mark } : entry);
      return true;
    }
    case 'failure': {
      const failure = codec.failure(row);
      if (failure !== undefined) state.failures.set(failure.path, failure);
      return failure !== undefined;
    }
    case 'directory':
      state.directories.add(codec.path(row));
      return true;
    case 'gone':
      state.remove(row[2], codec.path(row));
      return true;
    default:
      return unreachable(row);
  }
}

async function loadJournal(place: LedgerPlace, load: Load, epoch: number): Promise<void> {
  const { state, codec, root } = load;
  const restore = (json: JsonObject) => restoreRecord(root?.upgrader.record(json) ?? json, codec);
  const lines = place.disk.readLines(journalFile(place.files, epoch));
  const damaged = await absentAsUndefined(() => readJournal(lines, restore, state));
  if (damaged === undefined) state.distrust();
  if (damaged !== false) load.damagedJournals.push(epoch);
}

/** Files that a root names can be gone when the root is no longer the newest; NFS says ESTALE. */
async function absentAsUndefined<T>(operation: () => Promise<T>): Promise<T | undefined> {
  try {
    return await operation();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ESTALE'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}
