import { join } from 'node:path';
import type { AbsolutePath } from '../lib/brand.js';
import { errorCode } from '../lib/failure.js';
import { LedgerError } from './failure.js';
import { isShardName, journalEpoch, journalFile } from './files.js';
import { journalText } from './journal.js';
import type { LedgerPlace, LoadedLedger } from './load.js';
import type { JournalRecord } from './record.js';
import { rootText } from './root-file.js';
import type { RootFile, ShardRef } from './root-file.js';
import type { Row, RowKind } from './row.js';
import { planMerge } from './merge.js';
import type { RowKey } from './merge.js';
import { writeShard, MAX_SHARD_ROWS } from './shard.js';
import type { LedgerState } from './state.js';

/** An open ledger's files; `root` and `rootText` are what is on disk now. */
export interface Store extends LedgerPlace, Pick<LoadedLedger, 'state' | 'codec'> {
  root: RootFile;
  /** `undefined`: not written yet. */
  rootText: string | undefined;
  /** Shards and journals to set aside with the next root. */
  damagedShards: readonly string[];
  damagedJournals: readonly number[];
  /** Write all rows anew: something cannot be trusted to be read again, or is of an older version. */
  rewrite: boolean;
  /** Tells this writer's files from those of one that lost the lock. */
  readonly token: string;
  /** Throws a `LedgerError` when the lock is no longer ours. */
  readonly checkLock: () => Promise<void>;
}

/** Begins an epoch whose journal comes on top of those that the root names already. */
export async function beginEpoch(store: Store): Promise<void> {
  const epoch = store.root.epoch + 1;
  await createJournal(store, epoch, []);
  await replaceRoot(store, { ...store.root, epoch, journals: [...store.root.journals, epoch] });
}

/**
 * Folds everything into shards and replaces the root. What is still leased or staged goes into a
 * new epoch's journal, and so does what comes when the ledger stays open. Returns how many records
 * that journal begins with.
 */
export async function checkpoint(store: Store, staysOpen: boolean): Promise<number> {
  const { state, root } = store;
  const carried = openRecords(state);
  const shards = await foldRows(store);
  const journaled = staysOpen || carried.length > 0;
  const epoch = journaled ? root.epoch + 1 : root.epoch;
  if (journaled) await createJournal(store, epoch, carried);
  await replaceRoot(store, {
    lineage: root.lineage,
    ...(state.owner === undefined ? {} : { owner: state.owner }),
    serial: state.serial,
    epoch,
    ...store.codec.tables.toJson(),
    shards,
    journals: journaled ? [epoch] : [],
    ...(state.runs.length === 0 ? {} : { runs: state.runs }),
  });
  for (const keys of Object.values(state.changed)) keys.clear();
  store.rewrite = false;
  await setAside(store);
  await removeStrays(store);
  return carried.length;
}

/** Of the root and of the image; see `replaceRoot` and `writeImage`. */
const UNFINISHED = /^(ledger\.json\.[0-9a-f]{16}|image\.new)$/;

/** Removes files that a crash left behind: no root names them. */
export async function removeStrays(store: Store): Promise<void> {
  const { disk, files, root } = store;
  const named = new Set(root.shards.map(({ file }) => file));
  const shards = (await disk.list(files.shards)).filter(
    (name) => isShardName(name) && !named.has(name),
  );
  const journals = (await disk.list(files.journals)).filter((name) => {
    const epoch = journalEpoch(name);
    return epoch !== undefined && !root.journals.includes(epoch);
  });
  const others = (await disk.list(files.directory)).filter((name) => UNFINISHED.test(name));
  const strays = [
    ...shards.map((name) => join(files.shards, name)),
    ...journals.map((name) => join(files.journals, name)),
    ...others.map((name) => join(files.directory, name)),
  ];
  for (const stray of strays) await disk.remove(stray);
}

function openRecords(state: LedgerState): readonly JournalRecord[] {
  const leases = [...state.leases].flatMap(([output, parts]) =>
    [...parts].map((part): JournalRecord => ({ kind: 'leased', output, part })),
  );
  const staged = [...state.staged.values()].map((record): JournalRecord => ({
    kind: 'staged',
    ...record,
  }));
  return [...leases, ...staged];
}

async function foldRows(store: Store): Promise<readonly ShardRef[]> {
  const { disk, files, state } = store;
  const { kept, keys } = await planMerge(store);
  const written: ShardRef[] = [];
  for (const rows of shardsOf(store, keys, kept.length === 0)) {
    const file = `${state.serial}-${written.length + 1}.jsonl`;
    written.push(await writeShard(disk, { folder: files.shards, file }, rows));
  }
  if (written.length > 0) await disk.syncDirectory(files.shards);
  return [...kept, ...written];
}

/** The rows of these keys by shard, one after the other: all of them may be too many to hold. */
function* shardsOf(
  store: Store,
  keys: readonly RowKey[],
  oldest: boolean,
): Generator<readonly Row[], void> {
  let rows: Row[] = [];
  for (const [kind, path] of keys) {
    rows.push(...rowOf(store, { kind, path, oldest }));
    if (rows.length < MAX_SHARD_ROWS) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
}

/** The key's row now. A tombstone is only needed while an older shard may hold the key. */
function rowOf(
  { state, codec }: Store,
  key: { readonly kind: RowKind; readonly path: AbsolutePath; readonly oldest: boolean },
): readonly Row[] {
  const { kind, path } = key;
  const entry = kind === 'entry' ? state.entries.get(path) : undefined;
  if (entry !== undefined) return [codec.entryRow(entry)];
  const failure = kind === 'failure' ? state.failures.get(path) : undefined;
  if (failure !== undefined) return [codec.failureRow(failure)];
  const stored = codec.paths.store(path);
  if (kind === 'directory' && state.directories.has(path)) return [['directory', stored]];
  return key.oldest ? [] : [['gone', stored, kind]];
}

async function createJournal(
  { disk, files, codec }: Store,
  epoch: number,
  records: readonly JournalRecord[],
): Promise<void> {
  await disk.writeNew(journalFile(files, epoch), [journalText(records, codec)]);
  await disk.syncDirectory(files.journals);
}

/** The commit point. Nobody may have replaced the root since we read or wrote it. */
async function replaceRoot(store: Store, root: RootFile): Promise<void> {
  const { disk, files } = store;
  const text = rootText(root);
  const temporary = `${files.root}.${store.token}`;
  await disk.writeNew(temporary, [text]);
  await store.checkLock();
  if ((await readRootText(store)) !== store.rootText) {
    await disk.remove(temporary);
    throw new LedgerError({
      code: 'LEDGER_FENCED',
      message: `another process has written the ledger ${files.root} meanwhile`,
      hint: 'run the same command again',
    });
  }
  await disk.rename(temporary, files.root);
  await disk.syncDirectory(files.directory);
  store.root = root;
  store.rootText = text;
  store.state.epoch = root.epoch;
}

async function readRootText({ disk, files }: Store): Promise<string | undefined> {
  try {
    return (await disk.readFile(files.root)).toString('utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Only after the new root is durable: until then the old one needs what is left of them. */
async function setAside(store: Store): Promise<void> {
  const { disk, files } = store;
  const damaged = [
    ...store.damagedShards.map((name) => [files.shards, name] as const),
    ...store.damagedJournals.map((epoch) => [files.journals, `${epoch}.jsonl`] as const),
  ];
  if (damaged.length === 0) return;
  await disk.makeDirectory(files.damaged);
  for (const [folder, name] of damaged) {
    const there = await disk.lstat(join(folder, name));
    if (there !== undefined) await disk.rename(join(folder, name), join(files.damaged, name));
  }
  store.damagedShards = [];
  store.damagedJournals = [];
}
