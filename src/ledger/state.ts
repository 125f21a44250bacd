import type { AbsolutePath } from '../lib/brand.js';
import type { StatKey } from '../lib/stat-key.js';
import { unreachable } from '../lib/unreachable.js';
import type { Entry, FailureRecord, LedgerView, StagedRecord } from './entry.js';
import { EntryMap } from './entry-map.js';
import type { JournalRecord } from './record.js';
import type { RowKind } from './row.js';
import { logged } from './run-log.js';
import type { RunSummary } from './run-log.js';

/** Keys whose rows differ from what the shards hold. */
export type ChangedKeys = Readonly<Record<RowKind, Set<AbsolutePath>>>;

/** Notes a part file that may exist for an output. */
export function addPart(
  leases: Map<AbsolutePath, Set<AbsolutePath>>,
  output: AbsolutePath,
  part: AbsolutePath,
): void {
  const parts = leases.get(output);
  if (parts === undefined) leases.set(output, new Set([part]));
  else parts.add(part);
}

/**
 * The ledger in memory: shards are loaded into it, journal records are applied to it, and it is the
 * live view of an open ledger. Reader and writer apply the same records in the same order, so
 * that both come to the same `serial`.
 */
export class LedgerState implements LedgerView {
  readonly entries: EntryMap;
  readonly failures: Map<AbsolutePath, FailureRecord> = new Map();
  readonly staged: Map<AbsolutePath, StagedRecord> = new Map();
  readonly directories: Set<AbsolutePath> = new Set();
  /** Part files that may exist, by the output they are for: more than one after a lost worker. */
  readonly leases: Map<AbsolutePath, Set<AbsolutePath>> = new Map();
  readonly changed: ChangedKeys = { entry: new Set(), failure: new Set(), directory: new Set() };
  runs: readonly RunSummary[] = [];
  lineage: string | undefined;
  owner: string | undefined;
  serial = 0;
  epoch = 0;

  constructor(entries: EntryMap = new EntryMap()) {
    this.entries = entries;
  }

  /** It says nothing of any file or folder. */
  get isEmpty(): boolean {
    const { entries, failures, staged, directories, leases } = this;
    return [entries, failures, staged, directories, leases].every(({ size }) => size === 0);
  }

  apply(record: JournalRecord): void {
    this.runs = logged(this.runs, record);
    switch (record.kind) {
      case 'run':
      case 'ended':
        return;
      case 'leased':
        return addPart(this.leases, record.output, record.part);
      case 'staged': {
        const { entry, part, before } = record;
        this.staged.set(
          entry.path,
          before === undefined ? { entry, part } : { entry, part, before },
        );
        return;
      }
      case 'done':
        return this.#done(record.output, record.stat);
      case 'released':
        return this.#released(record.output);
      case 'failed':
        this.failures.set(record.failure.path, record.failure);
        return this.#change('failure', record.failure.path);
      case 'updated':
        return this.#setEntry(record.entry);
      case 'dropped':
        this.entries.delete(record.output);
        this.#change('entry', record.output);
        return this.#endFailure(record.output);
      case 'directories':
        return this.#directories(record.made, record.removed);
      default:
        return unreachable(record);
    }
  }

  /** Takes back a row of an older shard. */
  remove(kind: RowKind, path: AbsolutePath): void {
    if (kind === 'entry') this.entries.delete(path);
    else if (kind === 'failure') this.failures.delete(path);
    else this.directories.delete(path);
  }

  /**
   * Something that was recorded is lost, and it may have been about any row: none may be deleted or
   * overwritten before its file was compared with its checksum.
   */
  distrust(): void {
    for (const path of this.entries.keys()) this.#unverify(path);
    this.serial += 1;
  }

  #done(output: AbsolutePath, stat: StatKey): void {
    const staged = this.staged.get(output);
    if (staged === undefined) return this.#doneUnseen(output);
    this.staged.delete(output);
    const parts = this.leases.get(output);
    parts?.delete(staged.part);
    if (parts?.size === 0) this.leases.delete(output);
    this.#setEntry({ ...staged.entry, output: { ...staged.entry.output, stat } });
  }

  /** Its `staged` was lost: a row that is there tells of an older file. */
  #doneUnseen(output: AbsolutePath): void {
    if (!this.entries.has(output)) return;
    this.#unverify(output);
    this.serial += 1;
  }

  #released(output: AbsolutePath): void {
    this.leases.delete(output);
    // A plan that was made while it was staged counted on it.
    if (this.staged.delete(output)) this.serial += 1;
  }

  #setEntry(entry: Entry): void {
    this.entries.set(entry.path, entry);
    this.#change('entry', entry.path);
    this.#endFailure(entry.path);
  }

  #endFailure(path: AbsolutePath): void {
    if (this.failures.delete(path)) this.changed.failure.add(path);
  }

  #directories(made: readonly AbsolutePath[], removed: readonly AbsolutePath[]): void {
    const before = this.directories.size;
    for (const path of made) {
      if (this.directories.has(path)) continue;
      this.directories.add(path);
      this.changed.directory.add(path);
    }
    const added = this.directories.size > before;
    const gone = removed.filter((path) => this.directories.delete(path));
    for (const path of gone) this.changed.directory.add(path);
    if (added || gone.length > 0) this.serial += 1;
  }

  #unverify(path: AbsolutePath): void {
    if (this.entries.unverify(path)) this.changed.entry.add(path);
  }

  #change(kind: RowKind, path: AbsolutePath): void {
    this.changed[kind].add(path);
    this.serial += 1;
  }
}
