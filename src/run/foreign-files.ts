import { readdirSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LedgerView } from '../ledger/entry.js';
import { TRASH } from '../ledger/trash.js';
import type { AbsolutePath } from '../lib/brand.js';
import { Breather } from '../lib/breather.js';
import { errorMessage } from '../lib/failure.js';
import { isWithin } from '../lib/path-within.js';
import type { Manifest } from '../manifest/manifest.js';
import { escapeRawName } from '../sources/raw-names.js';
import type { Finding } from './verify.js';

const NAMES_OF_OURS: ReadonlySet<string> = new Set([TRASH, '.flac2all']);

/**
 * Everything below the outputs' roots that the ledger does not know and that is no folder: what others
 * put there, and part files. Follows no links. The trash is not looked into.
 */
export async function findForeign(
  manifest: Manifest,
  { entries }: LedgerView,
  signal?: AbortSignal,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const ours = filesBeside(manifest);
  const breather = new Breather(signal);
  for (const { root, set } of distinctRoots(manifest)) {
    const folders: AbsolutePath[] = [root];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      for (const { path, isFolder, text } of listed(folder)) {
        if (isFolder) folders.push(path);
        else if (!entries.has(path) && !ours.has(path))
          findings.push({ output: path, set, kind: 'foreign', text });
      }
      if (breather.isDue) await breather.breathe();
    }
  }
  return findings.toSorted((a, b) => (a.output < b.output ? -1 : 1));
}

/** The manifest, and what the classic form writes beside its own; both may be in an output's root. */
function filesBeside({ file }: Manifest): ReadonlySet<string> {
  return new Set([file, join(dirname(file), 'conversion_results.log')]);
}

/** Roots that lie in no other root: what is below two is only told once. */
function distinctRoots({
  outputs,
}: Manifest): readonly { readonly root: AbsolutePath; readonly set: string }[] {
  const roots = new Map(outputs.toReversed().map(({ root, name }) => [root, name]));
  return [...roots]
    .filter(([root]) => ![...roots.keys()].some((one) => one !== root && isWithin(root, one)))
    .map(([root, set]) => ({ root, set }));
}

interface Listed {
  readonly path: AbsolutePath;
  readonly isFolder: boolean;
  readonly text: string;
}

function listed(folder: AbsolutePath): readonly Listed[] {
  let names: Dirent<Buffer>[];
  try {
    names = readdirSync(folder, { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    const text = `cannot be looked into: ${errorMessage(error)}`;
    return [{ path: folder, isFolder: false, text }];
  }
  return names.flatMap((entry) => {
    const name = escapeRawName(entry.name);
    const path = `${folder}/${name}` as AbsolutePath;
    if (entry.isDirectory() && NAMES_OF_OURS.has(name)) return [];
    const isFolder = entry.isDirectory() && entry.name.toString() === name;
    return [{ path, isFolder, text: textOf(entry, name) }];
  });
}

function textOf(entry: Dirent<Buffer>, name: string): string {
  if (name.endsWith('.f2a-part')) return 'part file of an output that is not finished';
  if (entry.isDirectory()) return 'folder with a name that is not UTF-8; not looked into';
  return entry.isSymbolicLink() ? 'foreign: a symbolic link' : 'foreign: not in the ledger';
}
