import type { AbsolutePath } from '../lib/brand.js';
import type { StatKey } from '../lib/stat-key.js';
import type { Entry, FailureRecord, LedgerView } from './entry.js';

/**
 * A ledger that was opened for writing, under its lock. Every method resolves when its record is on
 * stable storage (group commit); the view shows the record from then on. When a record cannot be
 * written, or the lock was taken away, the method and all later ones reject with a `LedgerError`.
 */
export interface Ledger {
  readonly view: LedgerView;
  /** Part files that may exist, by the output they are for. */
  readonly leases: ReadonlyMap<AbsolutePath, ReadonlySet<AbsolutePath>>;
  /** Aborts when nothing can be recorded any more; the reason is the `LedgerError`. */
  readonly signal: AbortSignal;
  /** Rejects when the lock is ours no more: asked right before what no record announces. */
  check(): Promise<void>;
  /** Writes down that a part file may come to exist, before the task is handed out. */
  leased(output: AbsolutePath, part: AbsolutePath): Promise<void>;
  /**
   * The output is whole in `part` and may be renamed. `entry.output.stat` is the part's; `before`
   * is what stands at the output's path now, `undefined` for nothing. A part that was never leased
   * (the old path of a move) is never removed by recovery.
   */
  staged(entry: Entry, part: AbsolutePath, before: StatKey | undefined): Promise<void>;
  /** The rename is done and durable; `stat` is what the output has now. */
  done(output: AbsolutePath, stat: StatKey): Promise<void>;
  /** The lease ended and its part is gone; also takes back a `staged` that was not renamed. */
  released(output: AbsolutePath): Promise<void>;
  /** The part may come to exist after `close`: its lease stays then, for the next run to end. */
  keepLease(output: AbsolutePath, part: AbsolutePath): void;
  /** Remembers a failure; does not end the lease. */
  failed(record: FailureRecord): Promise<void>;
  /** Replaces a row whose file did not change (touch, adopt). */
  updated(entry: Entry): Promise<void>;
  /** The row ends: the file was deleted, is gone, or is no longer ours. */
  dropped(output: AbsolutePath, why: 'deleted' | 'forgotten'): Promise<void>;
  /** Folders that flac2all made and may remove when they are empty. */
  madeDirectories(paths: readonly AbsolutePath[]): Promise<void>;
  /** Folders that are gone, or are no longer ours. */
  removedDirectories(paths: readonly AbsolutePath[]): Promise<void>;
  /** The run did what it was for, in so many milliseconds; for people who ask what was done when. */
  ended(ms: number): Promise<void>;
  /**
   * Ends what is still leased or staged as recovery would, but for leases that are kept, folds the
   * journal into shards, replaces the root, releases the lock. Must be called, also after a rejection:
   * it stops the heartbeat.
   */
  close(): Promise<void>;
}
