import { readdirSync } from 'node:fs';
import type { LedgerView } from '../ledger/entry.js';
import type { AbsolutePath } from '../lib/brand.js';
import { errorCode } from '../lib/failure.js';
import type { DiskFact, DiskView } from '../plan/disk-fact.js';

/** What was seen so far, to which more is noted. */
interface NotedDisk extends DiskView {
  note(path: AbsolutePath, fact: DiskFact): void;
}

/**
 * Marks files at unrecorded paths that are those of recorded paths under another spelling: on a file
 * system that does not tell case or Unicode forms apart, one file answers to both. A link of that
 * name is a file of its own, and its folder lists it.
 */
export function markAliases(
  disk: NotedDisk,
  unrecorded: readonly AbsolutePath[],
  { entries }: LedgerView,
): void {
  const foreign = unrecorded.filter((path) => disk.get(path)?.kind === 'file');
  if (foreign.length === 0) return;
  const folds = new Set(foreign.map(folded));
  const recorded = new Map<string, AbsolutePath>();
  for (const path of entries.keys()) if (folds.has(folded(path))) recorded.set(folded(path), path);
  for (const path of foreign) {
    const other = recorded.get(folded(path));
    if (other === undefined) continue;
    const [here, there] = [disk.get(path), disk.get(other)];
    const same = here?.kind === 'file' && there?.kind === 'file' && here.stat === there.stat;
    if (same && !isSpelledSo(path, other)) disk.note(path, { ...here, alias: other });
  }
}

function folded(path: AbsolutePath): string {
  return path.normalize('NFC').toLowerCase();
}

/** Whether each part of the path that differs from the other's is listed by its folder as it is. */
function isSpelledSo(path: AbsolutePath, other: AbsolutePath): boolean {
  const others = other.split('/');
  const parts = path.split('/');
  return parts.every((part, at) => {
    if (part === others[at]) return true;
    return namesIn(parts.slice(0, at).join('/')).includes(part);
  });
}

/** A folder that cannot be listed may hold anything. */
function namesIn(folder: string): Pick<readonly string[], 'includes'> {
  try {
    return readdirSync(folder === '' ? '/' : folder);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return { includes: () => true };
  }
}
