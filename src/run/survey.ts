import { lstatSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import type { LedgerView } from '../ledger/entry.js';
import { isTrashed } from '../ledger/trash.js';
import type { AbsolutePath } from '../lib/brand.js';
import type { Disk } from '../lib/disk.js';
import { errorCode, errorMessage } from '../lib/failure.js';
import { statKey } from '../lib/stat-key.js';
import type { DiskFact, DiskView } from '../plan/disk-fact.js';
import { MISSING, sameFact } from '../plan/disk-fact.js';
import { Breather } from '../lib/breather.js';
import { markAliases } from './aliases.js';

export interface SurveyOptions {
  readonly disk: Disk;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Looks at every path that is wanted or recorded. Synchronous stats: four times as fast as the thread
 * pool, with a breath now and then so that signals and the screen are served. Reads a file's content
 * only where its stat is not the one in the ledger.
 */
export async function surveyOutputs(
  wanted: readonly AbsolutePath[],
  ledger: LedgerView,
  options: SurveyOptions,
): Promise<DiskView> {
  const disk = new SurveyedDisk(ledger.entries);
  const breather = new Breather(options.signal);
  let done = 0;
  // Nearly: what is recorded is mostly what is wanted.
  const total = Math.max(wanted.length, ledger.entries.size);
  for (const path of pathsOf(wanted, ledger)) {
    const fact = lookAt(path);
    const open = fact.kind === 'file' && mustRead(fact, path, ledger);
    disk.note(path, open ? await withChecksum(path, fact, options.disk) : fact);
    done += 1;
    if (breather.isDue) {
      options.onProgress?.(done, Math.max(done, total));
      await breather.breathe();
    }
  }
  options.onProgress?.(done, done);
  markAliases(disk, wanted, ledger);
  return disk;
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

  #asRecorded(path: AbsolutePath): DiskFact {
    const entry = this.#recorded.get(path);
    return entry === undefined ? MISSING : { kind: 'file', stat: entry.output.stat };
  }
}

/** What the disk held at these paths, whatever becomes of the ledger from now on. */
export function pinned(disk: DiskView, paths: Iterable<AbsolutePath>): DiskView {
  const facts = new Map<AbsolutePath, DiskFact>();
  for (const path of paths) facts.set(path, disk.get(path) ?? MISSING);
  return facts;
}

/** What is wanted, and what is recorded and not among that. */
function* pathsOf(wanted: readonly AbsolutePath[], ledger: LedgerView): Generator<AbsolutePath> {
  yield* wanted;
  const seen = new Set(wanted);
  for (const path of ledger.entries.keys()) if (!seen.has(path) && !isTrashed(path)) yield path;
}

/** What stands at a path now, without its content. */
export function lookAt(path: AbsolutePath): DiskFact {
  let stats: BigIntStats | undefined;
  try {
    stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    if (errorCode(error) === 'ENOTDIR') return MISSING;
    return { kind: 'other', text: `something that cannot be looked at (${errorMessage(error)})` };
  }
  if (stats === undefined) return MISSING;
  if (stats.isFile()) return { kind: 'file', stat: statKey(stats) };
  if (stats.isDirectory()) return { kind: 'other', text: 'a folder' };
  return { kind: 'other', text: stats.isSymbolicLink() ? 'a symbolic link' : 'a special file' };
}

type FileFact = Extract<DiskFact, { readonly kind: 'file' }>;

/** Whether the stat leaves it open whose file it is. */
function mustRead({ stat }: FileFact, path: AbsolutePath, ledger: LedgerView): boolean {
  const recorded = ledger.entries.get(path);
  if (recorded === undefined) return ledger.staged.has(path);
  return recorded.unverified === true || recorded.output.stat !== stat;
}

async function withChecksum(path: AbsolutePath, fact: FileFact, disk: Disk): Promise<DiskFact> {
  try {
    return { ...fact, sha256: await disk.sha256(path) };
  } catch (error) {
    return { kind: 'other', text: `a file that cannot be read (${errorMessage(error)})` };
  }
}
