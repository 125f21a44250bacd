import { dirname } from 'node:path';
import type { Entry } from '../ledger/entry.js';
import type { AbsolutePath } from '../lib/brand.js';
import { isWithin } from '../lib/path-within.js';
import { trashPath } from '../ledger/trash.js';
import type { CommitContext } from './commit.js';
import { makeFolder } from './folders.js';
import { lookAt } from './survey.js';

/** Where pruned outputs go. */
export interface Trash {
  /** Roots of the manifest's outputs. */
  readonly roots: readonly AbsolutePath[];
  /** The time that names the run's folder: milliseconds since 1970, UTC. */
  readonly atMs: number;
}

/**
 * Moves an output, of which the caller knows that it is the one of its row, into the trash by the
 * journalled steps of a commit; its row goes with it. Rejects with system errors, then nothing has
 * happened. Returns where it is now.
 */
export async function throwAway(
  entry: Entry,
  trash: Trash,
  { disk, ledger }: CommitContext,
): Promise<AbsolutePath> {
  const to = trashPath(entry.path, rootOf(entry.path, trash, ledger.view.directories), trash.atMs);
  if (lookAt(to).kind !== 'missing') throw new Error(`${to} is there already`);
  await makeFolder(dirname(to), { disk, ledger });
  await ledger.staged({ ...entry, path: to }, entry.path, undefined);
  try {
    await disk.rename(entry.path, to);
  } catch (error) {
    await ledger.released(to);
    throw error;
  }
  await disk.syncDirectory(dirname(to));
  await disk.syncDirectory(dirname(entry.path));
  await ledger.done(to, (await disk.lstat(to))?.stat ?? entry.output.stat);
  await ledger.dropped(entry.path, 'deleted');
  return to;
}

/** The output's root; of an output that the manifest no longer names the outermost folder of ours. */
function rootOf(
  path: AbsolutePath,
  { roots }: Trash,
  ours: ReadonlySet<AbsolutePath>,
): AbsolutePath {
  const root = roots.find((one) => isWithin(path, one));
  if (root !== undefined) return root;
  let outermost = dirname(path) as AbsolutePath;
  while (ours.has(dirname(outermost) as AbsolutePath)) {
    outermost = dirname(outermost) as AbsolutePath;
  }
  return outermost;
}
