import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LedgerView } from '../ledger/entry.js';
import type { AbsolutePath } from '../lib/brand.js';
import { errorCode } from '../lib/failure.js';
import { isWithin } from '../lib/path-within.js';
import type { Manifest } from '../manifest/manifest.js';

/**
 * Finds the symbolic link through which an output would be reached: what stands behind one is not
 * where flac2all put it, and is not deleted. Roots of outputs may be links, and what is above them;
 * of an output that the manifest no longer names, the folders count that flac2all made. Looks at the
 * disk each time that it is asked.
 */
export function linkInTheWay(
  output: AbsolutePath,
  { outputs }: Pick<Manifest, 'outputs'>,
  { directories }: Pick<LedgerView, 'directories'>,
): AbsolutePath | undefined {
  const roots = outputs.map(({ root }) => root).filter((root) => isWithin(output, root));
  const innermost = roots.toSorted((a, b) => b.length - a.length)[0];
  const isBelow = (folder: AbsolutePath): boolean =>
    innermost === undefined ? directories.has(folder) : folder !== innermost;
  for (let at = parentOf(output); isBelow(at); at = parentOf(at)) if (isLink(at)) return at;
  return undefined;
}

function parentOf(path: AbsolutePath): AbsolutePath {
  return dirname(path) as AbsolutePath;
}

function isLink(path: AbsolutePath): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return false;
  }
}
