import { lstatSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import type { Entry, LedgerView } from '../ledger/entry.js';
import { isTrashed } from '../ledger/trash.js';
import type { AbsolutePath } from '../lib/brand.js';
import type { Disk } from '../lib/disk.js';
import { errorCode, errorMessage } from '../lib/failure.js';
import { statKey } from '../lib/stat-key.js';
import type { DiskFact } from '../plan/disk-fact.js';
import { MISSING } from '../plan/disk-fact.js';
import { Breather } from '../lib/breather.js';

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
): Promise<ReadonlyMap<AbsolutePath, DiskFact>> {
  const facts = new Map<AbsolutePath, DiskFact>();
  const breather = new Breather(options.signal);
  let done = 0;
  // Nearly: what is recorded is mostly what is wanted.
  const total = Math.max(wanted.length, ledger.entries.size);
  for (const path of pathsOf(wanted, ledger, facts)) {
    const fact = lookAt(path);
    const recorded = ledger.entries.get(path);
    if (fact.kind === 'file' && mustRead(fact, recorded, ledger.staged.has(path))) {
      facts.set(path, await withChecksum(path, fact, options.disk));
    } else if (fact.kind !== 'missing') facts.set(path, sharing(fact, recorded));
    done += 1;
    if (breather.isDue) {
      options.onProgress?.(done, Math.max(done, total));
      await breather.breathe();
    }
  }
  options.onProgress?.(done, done);
  return facts;
}

/** What is wanted, and what is recorded and was not seen among that. */
function* pathsOf(
  wanted: readonly AbsolutePath[],
  ledger: LedgerView,
  seen: ReadonlyMap<AbsolutePath, DiskFact>,
): Generator<AbsolutePath> {
  yield* wanted;
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
function mustRead({ stat }: FileFact, recorded: Entry | undefined, staged: boolean): boolean {
  if (recorded === undefined) return staged;
  return recorded.unverified === true || recorded.output.stat !== stat;
}

/** Mostly the stat is the recorded one: then one string is held, not two. */
function sharing(fact: DiskFact, recorded: Entry | undefined): DiskFact {
  const same = fact.kind === 'file' && fact.stat === recorded?.output.stat;
  return same ? { kind: 'file', stat: recorded.output.stat } : fact;
}

async function withChecksum(path: AbsolutePath, fact: FileFact, disk: Disk): Promise<DiskFact> {
  try {
    return { ...fact, sha256: await disk.sha256(path) };
  } catch (error) {
    return { kind: 'other', text: `a file that cannot be read (${errorMessage(error)})` };
  }
}
