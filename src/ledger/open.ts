import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import type { AbsolutePath } from '../lib/brand.js';
import type { Clock } from '../lib/clock.js';
import type { Disk } from '../lib/disk.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { beginEpoch, checkpoint, removeStrays } from './checkpoint.js';
import type { Store } from './checkpoint.js';
import { foreignLedger, writeFailure } from './failure.js';
import type { LedgerFailure } from './failure.js';
import { journalFile, ledgerFiles } from './files.js';
import type { LedgerFiles } from './files.js';
import type { Ledger } from './ledger.js';
import { appendTo, LiveLedger, openCurrentJournal } from './live-ledger.js';
import type { Grounds } from './live-ledger.js';
import { loadLedger } from './load.js';
import type { LedgerPlace, LoadedLedger } from './load.js';
import { acquireLock } from './lock.js';
import type { Lock } from './lock.js';
import type { OnLedgerNotice } from './notice.js';
import type { ProcessTable } from './process-identity.js';
import type { JournalRecord } from './record.js';
import { recover } from './recover.js';

/** Fewer are parsed in less than a tenth of a second. */
const IMAGE_FROM_ROWS = 10_000;

export interface OpenOptions {
  /** The state folder, `.flac2all`; made when it is missing. */
  readonly directory: AbsolutePath;
  /** The manifest's folder: paths below it are stored relative to it. */
  readonly base: AbsolutePath;
  /** File name of the manifest; a ledger of another one is refused. */
  readonly owner: string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly processes: ProcessTable;
  readonly run: { readonly id: string; readonly command: string };
  /** How long to wait for another holder of the lock; default: not at all. */
  readonly lockTimeoutMs?: number;
  readonly onNotice: OnLedgerNotice;
  /** From how many rows on an image of them is kept. */
  readonly imageFrom?: number;
  /** Write all rows anew, whether that is needed or not. */
  readonly rewrite?: boolean;
  /**
   * Leaves the part files of an interrupted run, and their leases, until the ledger is closed: agents of
   * other machines may still write them.
   */
  readonly keepParts?: boolean;
}

/**
 * Opens the ledger for writing: takes the lock, makes a ledger where there is none, ends what an
 * interrupted run left open, and raises the epoch, all durably before it returns.
 */
export async function openLedger(options: OpenOptions): Promise<Result<Ledger, LedgerFailure>> {
  const { directory, disk } = options;
  const files = ledgerFiles(directory);
  let lock: Lock | undefined;
  try {
    await makeFolder(disk, directory);
    const taken = await acquireLock(files.lock, lockOptions(options));
    if (!taken.ok) return taken;
    lock = taken.value;
    const { base, imageFrom = IMAGE_FROM_ROWS } = options;
    // What cannot be trusted is not kept, nor believed.
    const image = options.rewrite === true ? { ignoresImage: true } : { imageFrom };
    const opened = await openBeating({ files, base, disk, ...image }, lock, options);
    if (!opened.ok) await lock.release();
    return opened;
  } catch (error) {
    await lock?.release().catch(() => undefined);
    return err(writeFailure(error, directory));
  }
}

function lockOptions(options: OpenOptions): Parameters<typeof acquireLock>[1] {
  const { disk, clock, processes, run, lockTimeoutMs, onNotice } = options;
  return {
    disk,
    clock,
    processes,
    command: run.command,
    timeoutMs: lockTimeoutMs ?? 0,
    onNotice,
  };
}

/** To read a large ledger from a slow disk may take longer than a lock stands that does not beat. */
async function openBeating(
  place: LedgerPlace,
  lock: Lock,
  options: OpenOptions,
): Promise<Result<Ledger, LedgerFailure>> {
  const opening = new AbortController();
  // Whether the lock was lost is asked again before anything is written.
  const beating = lock.keepAlive(opening.signal).catch(() => undefined);
  try {
    return await openLocked(place, lock, options);
  } finally {
    opening.abort();
    await beating;
  }
}

async function openLocked(
  place: LedgerPlace,
  lock: Lock,
  options: OpenOptions,
): Promise<Result<Ledger, LedgerFailure>> {
  const loaded = await loadLedger(place);
  if (!loaded.ok) return loaded;
  const foreign = foreignLedger(loaded.value.state, options);
  if (foreign !== undefined) return err(foreign);
  const { disk, files } = place;
  await makeFolder(disk, files.shards);
  await makeFolder(disk, files.journals);
  tellDamage(loaded.value, files, options.onNotice);
  const grounds = {
    store: storeOf(place, loaded.value, { lock, ...options }),
    lock,
    onNotice: options.onNotice,
  };
  await syncWhatWasRead(grounds.store);
  await removeStrays(grounds.store);
  const { staged, leases } = grounds.store.state;
  const open = options.keepParts === true ? staged.keys() : [...staged.keys(), ...leases.keys()];
  await finishInterruptedRun(grounds, new Set(open));
  const carried = await checkpoint(grounds.store, true);
  const journal = await openCurrentJournal(grounds, carried);
  await appendTo(journal, runRecord(options), files.directory);
  return ok(new LiveLedger(grounds, journal));
}

function runRecord({ run, processes, clock }: OpenOptions): JournalRecord {
  const { host, pid } = processes.self;
  return { kind: 'run', ...run, host, pid, at: new Date(clock.now()).toISOString() };
}

/**
 * A process that was killed may have left its last root and records in the page cache only. What
 * is done from here on rests on them, so they must not vanish with a power loss any more.
 */
async function syncWhatWasRead({ disk, files, root }: Store): Promise<void> {
  for (const epoch of root.journals) {
    const path = journalFile(files, epoch);
    if ((await disk.lstat(path)) === undefined) continue;
    const journal = await disk.openAppend(path);
    try {
      await journal.sync();
    } finally {
      await journal.close();
    }
  }
  await disk.syncDirectory(files.directory);
}

async function finishInterruptedRun(
  grounds: Grounds,
  outputs: ReadonlySet<AbsolutePath>,
): Promise<void> {
  if (outputs.size === 0) return;
  const { store, onNotice } = grounds;
  const { disk, state, files } = store;
  await beginEpoch(store);
  const journal = await openCurrentJournal(grounds, 0);
  try {
    await recover({
      disk,
      state,
      outputs,
      write: (record) => appendTo(journal, record, files.directory),
      onNotice,
    });
  } finally {
    await journal.close();
  }
}

function storeOf(
  place: LedgerPlace,
  loaded: LoadedLedger,
  { lock, owner, rewrite }: { readonly lock: Lock } & Pick<OpenOptions, 'owner' | 'rewrite'>,
): Store {
  const { state, codec, root, rootText, damagedShards, damagedJournals } = loaded;
  const lineage = root?.root.lineage ?? randomBytes(16).toString('hex');
  state.lineage = lineage;
  state.owner = owner;
  // Shards that are written anew get names of their own.
  const anew = root?.outdated === true || rewrite === true;
  if (anew) state.serial += 1;
  return {
    ...place,
    state,
    codec,
    root: root?.root ?? { ...NEW_ROOT, lineage },
    rootText,
    damagedShards,
    damagedJournals,
    rewrite: damagedShards.length > 0 || anew,
    token: lock.token,
    checkLock: () => lock.check(),
  };
}

const NEW_ROOT = { serial: 0, epoch: 0, recipes: {}, encoders: {}, shards: [], journals: [] };

function tellDamage(loaded: LoadedLedger, files: LedgerFiles, onNotice: OnLedgerNotice): void {
  for (const name of loaded.damagedShards) {
    const text = `the shard ${files.shards}/${name} is damaged; its rows must be verified again`;
    onNotice({ level: 'warning', code: 'LEDGER_SHARD_DAMAGED', text });
  }
  for (const epoch of loaded.damagedJournals) {
    const text = `the journal ${files.journals}/${epoch}.jsonl is damaged; older rows must be verified again`;
    onNotice({ level: 'warning', code: 'LEDGER_JOURNAL_DAMAGED', text });
  }
}

/** Makes a folder so that it is still there after a power loss. */
async function makeFolder(disk: Disk, path: string): Promise<void> {
  for (const made of await disk.makeDirectory(path)) await disk.syncDirectory(dirname(made));
}
