import type { AbsolutePath } from '../lib/brand.js';
import type { StatKey } from '../lib/stat-key.js';
import type { Entry, FailureRecord, LedgerView } from './entry.js';

/**
 * A ledger that was opened for writing, under its lock. Every method resolves when its record is on
 * stable storage (group commit); the view shows the record from then on.
 */
export interface Ledger {
  readonly view: LedgerView;
  /** Writes down that a part file may come to exist, before the task is handed out. Not synced by itself. */
  leased(output: AbsolutePath, part: AbsolutePath): Promise<void>;
  /** The output is whole in `part` and may be renamed. `entry.output.stat` is the part's. */
  staged(entry: Entry, part: AbsolutePath): Promise<void>;
  /** The rename is done and durable; `stat` is what the output has now. */
  done(output: AbsolutePath, stat: StatKey): Promise<void>;
  /** The lease ended without an output; also takes back a `staged` that was not renamed. */
  released(output: AbsolutePath): Promise<void>;
  failed(record: FailureRecord): Promise<void>;
  /** Replaces a row whose file did not change (touch, adopt). */
  updated(entry: Entry): Promise<void>;
  /** The row ends: the file was deleted, is gone, or is no longer ours. */
  dropped(output: AbsolutePath, why: 'deleted' | 'forgotten'): Promise<void>;
  /** Folders that flac2all made and may remove when they are empty. */
  madeDirectories(paths: readonly AbsolutePath[]): Promise<void>;
  /** Folds the journal into shards, replaces the root, releases the lock. */
  close(): Promise<void>;
}
