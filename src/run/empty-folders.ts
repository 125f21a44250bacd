import { dirname } from 'node:path';
import type { AbsolutePath } from '../lib/brand.js';
import { errorCode } from '../lib/failure.js';
import type { CommitContext } from './commit.js';

/**
 * Removes folders that outputs have left, from the inside out: only those that flac2all made, and
 * only when they are empty. A folder that cannot be removed stays ours for the next time.
 */
export async function removeEmptyFolders(
  left: Iterable<AbsolutePath>,
  { disk, ledger }: CommitContext,
): Promise<void> {
  const removed = new Set<AbsolutePath>();
  for (const output of left) {
    let folder = dirname(output) as AbsolutePath;
    while (ledger.view.directories.has(folder) && !removed.has(folder)) {
      if (!(await removeIfEmpty(folder))) break;
      removed.add(folder);
      folder = dirname(folder) as AbsolutePath;
      await disk.syncDirectory(folder);
    }
  }
  if (removed.size > 0) await ledger.removedDirectories([...removed]);

  async function removeIfEmpty(folder: AbsolutePath): Promise<boolean> {
    try {
      return await disk.removeEmptyDirectory(folder);
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      return false;
    }
  }
}
