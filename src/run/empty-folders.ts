import { dirname } from 'node:path';
import type { LedgerView } from '../ledger/entry.js';
import type { AbsolutePath } from '../lib/brand.js';
import { errorCode } from '../lib/failure.js';
import type { Disk } from '../lib/disk.js';
import type { CommitContext } from './commit.js';

/**
 * Removes folders that no output stands in any more, from the inside out: only those that flac2all
 * made, and only when they are empty. Looks at all of them, so that it also ends what an interrupted
 * run began. A folder that cannot be removed stays ours for the next time.
 */
export async function removeEmptyFolders({ disk, ledger }: CommitContext): Promise<void> {
  const removed: AbsolutePath[] = [];
  for (const folder of unusedFolders(ledger.view)) {
    if (await removeIfEmpty(folder, disk)) removed.push(folder);
  }
  if (removed.length > 0) await ledger.removedDirectories(removed);
}

/** Inner folders first. */
function unusedFolders({ entries, directories }: LedgerView): readonly AbsolutePath[] {
  if (directories.size === 0) return [];
  const used = new Set<string>();
  for (const path of entries.keys()) {
    for (let at = dirname(path); !used.has(at); at = dirname(at)) used.add(at);
  }
  return [...directories]
    .filter((folder) => !used.has(folder))
    .toSorted((a, b) => b.length - a.length);
}

/** Says whether it is gone now. */
async function removeIfEmpty(folder: AbsolutePath, disk: Disk): Promise<boolean> {
  try {
    if (await disk.removeEmptyDirectory(folder)) {
      await disk.syncDirectory(dirname(folder));
      return true;
    }
    return (await disk.lstat(folder)) === undefined;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return false;
  }
}
