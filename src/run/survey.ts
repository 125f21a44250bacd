import type { Glance, LedgerView } from '../ledger/entry.js';
import { isTrashed } from '../ledger/trash.js';
import type { AbsolutePath } from '../lib/brand.js';
import type { Disk } from '../lib/disk.js';
import { errorMessage } from '../lib/failure.js';
import { look } from '../lib/look.js';
import type { Look } from '../lib/look.js';
import type { LookAtAll } from '../lib/looking.js';
import type { DiskFact, DiskView } from '../plan/disk-fact.js';
import { MISSING, sameFact } from '../plan/disk-fact.js';
import { markAliases } from './aliases.js';

export interface SurveyOptions {
  readonly disk: Disk;
  readonly lookAtAll: LookAtAll;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Looks at output paths: at all that are recorded, which can begin before it is known what is wanted,
 * and then at what is wanted besides. Reads a file's content only where its stat is not the one in the
 * ledger.
 */
export class Survey {
  readonly #ledger: LedgerView;
  readonly #options: SurveyOptions;
  readonly #disk: SurveyedDisk;
  #done = 0;

  constructor(ledger: LedgerView, options: SurveyOptions) {
    this.#ledger = ledger;
    this.#options = options;
    this.#disk = new SurveyedDisk(ledger.entries);
  }

  /** Rejects with the signal's reason when it is aborted. */
  lookAtRecorded(): Promise<void> {
    return this.#lookAt(recordedPaths(this.#ledger), this.#ledger.entries.size);
  }

  /** What stands at every path that is wanted or recorded; comes after `lookAtRecorded`. */
  async lookAtWanted(wanted: readonly AbsolutePath[]): Promise<DiskView> {
    const others = wanted.filter((path) => !this.#ledger.entries.has(path));
    await this.#lookAt(others, this.#done + others.length);
    markAliases(this.#disk, others, this.#ledger);
    return this.#disk;
  }

  async #lookAt(paths: Iterable<AbsolutePath>, total: number): Promise<void> {
    const { disk, lookAtAll, signal, onProgress } = this.#options;
    for await (const looked of lookAtAll(paths, 'as-they-are')) {
      signal?.throwIfAborted();
      for (const [index, path] of looked.paths.entries()) {
        const seen = looked.looks[index];
        if (isAsRecorded(seen, this.#ledger.entries.glance(path))) continue;
        const fact = factOf(seen);
        const open = fact.kind === 'file' && mustRead(fact, path, this.#ledger);
        this.#disk.note(path, open ? await withChecksum(path, fact, disk) : fact);
      }
      this.#done += looked.paths.length;
      onProgress?.(this.#done, total);
    }
  }
}

/** Nearly always: then there is nothing to note. */
function isAsRecorded(seen: Look, row: Glance | undefined): boolean {
  return row !== undefined && seen === row.stat && row.unverified !== true;
}

/** What lies in the trash is nobody's output. */
function* recordedPaths({ entries }: LedgerView): Generator<AbsolutePath> {
  for (const path of entries.keys()) if (!isTrashed(path)) yield path;
}

/** Holds only what is not as the ledger has it: of a million outputs that is next to nothing. */
class SurveyedDisk implements DiskView {
  readonly #recorded: LedgerView['entries'];
  readonly #odd = new Map<AbsolutePath, DiskFact>();

  constructor(recorded: LedgerView['entries']) {
    this.#recorded = recorded;
  }

  note(path: AbsolutePath, fact: DiskFact): void {
    const expected = this.#asRecorded(path);
    const plain = fact.kind !== 'file' || (fact.sha256 === undefined && !fact.alias);
    if (!plain || !sameFact(fact, expected)) this.#odd.set(path, fact);
  }

  get(path: AbsolutePath): DiskFact {
    return this.#odd.get(path) ?? this.#asRecorded(path);
  }

  isAsRecorded(path: AbsolutePath): boolean {
    return !this.#odd.has(path);
  }

  #asRecorded(path: AbsolutePath): DiskFact {
    const row = this.#recorded.glance(path);
    return row === undefined ? MISSING : { kind: 'file', stat: row.stat };
  }
}

/** What the disk held at these paths, whatever becomes of the ledger from now on. */
export function pinned(disk: DiskView, paths: Iterable<AbsolutePath>): DiskView {
  const facts = new Map<AbsolutePath, DiskFact>();
  for (const path of paths) facts.set(path, disk.get(path) ?? MISSING);
  return facts;
}

/** What stands at a path now, without its content. */
export function lookAt(path: AbsolutePath): DiskFact {
  return factOf(look(path, 'as-they-are'));
}

function factOf(seen: Look): DiskFact {
  if (seen === undefined) return MISSING;
  if (typeof seen === 'string') return { kind: 'file', stat: seen };
  const text = seen.isUnreadable ? `something that cannot be looked at (${seen.text})` : seen.text;
  return { kind: 'other', text };
}

type FileFact = Extract<DiskFact, { readonly kind: 'file' }>;

/** Whether the stat leaves it open whose file it is. */
function mustRead({ stat }: FileFact, path: AbsolutePath, ledger: LedgerView): boolean {
  const recorded = ledger.entries.glance(path);
  if (recorded === undefined) return ledger.staged.has(path);
  return recorded.unverified === true || recorded.stat !== stat;
}

async function withChecksum(path: AbsolutePath, fact: FileFact, disk: Disk): Promise<DiskFact> {
  try {
    return { ...fact, sha256: await disk.sha256(path) };
  } catch (error) {
    return { kind: 'other', text: `a file that cannot be read (${errorMessage(error)})` };
  }
}
