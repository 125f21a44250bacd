import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LedgerView } from '../ledger/entry.js';
import { isTrashed } from '../ledger/trash.js';
import type { AbsolutePath } from '../lib/brand.js';
import { errorCode } from '../lib/failure.js';
import type { Manifest, OutputSet } from '../manifest/manifest.js';

/** An output set whose files are gone, with the empty folder where they, or their disk, should be. */
export interface Unmounted {
  readonly set: OutputSet;
  readonly folder: AbsolutePath;
}

/**
 * Finds an output set that has rows in the ledger and nothing on disk but an empty folder that
 * flac2all did not make: that is what the mount point of a disk looks like that is not mounted.
 */
export function findUnmounted(manifest: Manifest, ledger: LedgerView): Unmounted | undefined {
  const { entries, directories } = ledger;
  for (const set of manifest.outputs) {
    const folder = emptyFolderAt(set.root);
    if (folder === undefined || directories.has(folder)) continue;
    const below = `${set.root}/`;
    for (const path of entries.keys()) {
      if (path.startsWith(below) && !isTrashed(path)) return { set, folder };
    }
  }
  return undefined;
}

/** The folder, or else the nearest one above it that exists, where that is empty. */
function emptyFolderAt(path: AbsolutePath): AbsolutePath | undefined {
  for (let at = path; ; at = dirname(at) as AbsolutePath) {
    try {
      return readdirSync(at).length === 0 ? at : undefined;
    } catch (error) {
      if (errorCode(error) !== 'ENOENT' || at === '/') return undefined;
    }
  }
}
