import type { AbsolutePath } from '../lib/brand.js';
import type { StatKey } from '../lib/stat-key.js';
import { checkpoint } from './checkpoint.js';
import type { Store } from './checkpoint.js';
import type { Entry, FailureRecord, LedgerView } from './entry.js';
import { LedgerError, writeFailure } from './failure.js';
import { journalFile } from './files.js';
import { openJournal } from './journal.js';
import type { JournalWriter } from './journal.js';
import type { Ledger } from './ledger.js';
import type { Lock } from './lock.js';
import type { OnLedgerNotice } from './notice.js';
import type { JournalRecord } from './record.js';
import { recover } from './recover.js';
import { addPart } from './state.js';

/** What an open ledger stands on. */
export interface Grounds {
  readonly store: Store;
  readonly lock: Lock;
  readonly onNotice: OnLedgerNotice;
}

/** Opens the journal of the root's epoch; what is durable is applied to the state. */
export function openCurrentJournal(
  { store, lock }: Grounds,
  count: number,
): Promise<JournalWriter> {
  const { disk, files, codec, state } = store;
  const journal = { path: journalFile(files, store.root.epoch), count };
  return openJournal(disk, journal, {
    codec,
    // A record counts only when the lock was still ours after it had reached the disk.
    onDurable: async (records) => {
      await lock.check();
      for (const record of records) state.apply(record);
    },
  });
}

/** Appends through a journal; what goes wrong comes as a `LedgerError`. */
export async function appendTo(
  journal: JournalWriter,
  record: JournalRecord,
  directory: string,
): Promise<void> {
  try {
    await journal.append(record);
  } catch (error) {
    throw new LedgerError(writeFailure(error, directory));
  }
}

/** A ledger between open and close. */
export class LiveLedger implements Ledger {
  readonly #grounds: Grounds;
  readonly #journal: JournalWriter;
  readonly #broken = new AbortController();
  readonly #closing = new AbortController();
  readonly #kept = new Map<AbsolutePath, Set<AbsolutePath>>();
  readonly #heartbeat: Promise<void>;

  constructor(grounds: Grounds, journal: JournalWriter) {
    this.#grounds = grounds;
    this.#journal = journal;
    this.#heartbeat = grounds.lock
      .keepAlive(this.#closing.signal)
      .catch((error: unknown) => this.#break(error));
  }

  get view(): LedgerView {
    return this.#grounds.store.state;
  }

  get leases(): ReadonlyMap<AbsolutePath, ReadonlySet<AbsolutePath>> {
    return this.#grounds.store.state.leases;
  }

  get signal(): AbortSignal {
    return this.#broken.signal;
  }

  async check(): Promise<void> {
    try {
      await this.#grounds.lock.check();
    } catch (error) {
      this.#break(error);
      throw this.#broken.signal.reason;
    }
  }

  leased(output: AbsolutePath, part: AbsolutePath): Promise<void> {
    return this.#write({ kind: 'leased', output, part });
  }

  staged(entry: Entry, part: AbsolutePath, before: StatKey | undefined): Promise<void> {
    const record = { kind: 'staged', entry: this.#shared(entry), part } as const;
    return this.#write(before === undefined ? record : { ...record, before });
  }

  done(output: AbsolutePath, stat: StatKey): Promise<void> {
    return this.#write({ kind: 'done', output, stat });
  }

  released(output: AbsolutePath): Promise<void> {
    return this.#write({ kind: 'released', output });
  }

  keepLease(output: AbsolutePath, part: AbsolutePath): void {
    addPart(this.#kept, output, part);
  }

  failed(record: FailureRecord): Promise<void> {
    const recipe = this.#grounds.store.codec.tables.shareRecipe(record.recipe);
    return this.#write({ kind: 'failed', failure: { ...record, recipe } });
  }

  updated(entry: Entry): Promise<void> {
    return this.#write({ kind: 'updated', entry: this.#shared(entry) });
  }

  dropped(output: AbsolutePath, why: 'deleted' | 'forgotten'): Promise<void> {
    return this.#write({ kind: 'dropped', output, why });
  }

  madeDirectories(paths: readonly AbsolutePath[]): Promise<void> {
    return this.#write({ kind: 'directories', made: paths, removed: [] });
  }

  removedDirectories(paths: readonly AbsolutePath[]): Promise<void> {
    return this.#write({ kind: 'directories', made: [], removed: paths });
  }

  ended(ms: number): Promise<void> {
    return this.#write({ kind: 'ended', ms: Math.round(ms) });
  }

  async close(): Promise<void> {
    const { store, lock, onNotice } = this.#grounds;
    this.#closing.abort();
    await this.#heartbeat;
    try {
      if (!this.#broken.signal.aborted) {
        const write = (record: JournalRecord): Promise<void> => this.#write(record);
        const { disk, state } = store;
        const kept = this.#kept;
        const outputs = new Set([...state.staged.keys(), ...state.leases.keys(), ...kept.keys()]);
        await recover({ disk, state, outputs, kept, write, onNotice });
      }
      await this.#journal.close();
      if (!this.#broken.signal.aborted) await checkpoint(store, false);
    } catch (error) {
      await lock.release().catch(() => undefined);
      throw new LedgerError(writeFailure(error, store.files.directory));
    }
    await lock.release();
  }

  async #write(record: JournalRecord): Promise<void> {
    if (this.#broken.signal.aborted) throw this.#broken.signal.reason;
    try {
      await appendTo(this.#journal, record, this.#grounds.store.files.directory);
    } catch (error) {
      this.#break(error);
      throw error;
    }
  }

  #break(error: unknown): void {
    const { directory } = this.#grounds.store.files;
    this.#broken.abort(new LedgerError(writeFailure(error, directory)));
  }

  #shared(entry: Entry): Entry {
    return { ...entry, recipe: this.#grounds.store.codec.tables.shareRecipe(entry.recipe) };
  }
}
