import { relative } from 'node:path';
import type { AbsolutePath } from '../lib/brand.js';

/**
 * The folder, below an output's root, that holds what was pruned where `policy.trash` is set: a folder
 * for each run, named by its time, and in it the outputs under their paths below the root. Each has its
 * row in the ledger, so that only what flac2all put there is ever removed.
 */
export const TRASH = '.flac2all-trash';

const BELOW_TRASH = `/${TRASH}/`;
const IN_TRASH = /^(.*)\/\.flac2all-trash\/(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d)Z\//s;

/** Whether an output was pruned and lies in the trash. */
export function isTrashed(path: string): boolean {
  // The search first: a plan asks this of every row.
  return path.includes(BELOW_TRASH) && IN_TRASH.test(path);
}

/** Where an output below `root` lies in the trash when it is pruned at `atMs` (since 1970, UTC). */
export function trashPath(output: AbsolutePath, root: AbsolutePath, atMs: number): AbsolutePath {
  const second = new Date(atMs).toISOString().slice(0, 19).replaceAll(':', '');
  return `${root}/${TRASH}/${second}Z/${relative(root, output)}` as AbsolutePath;
}

/** When an output was put into the trash, in milliseconds since 1970; `undefined`: it is not there. */
export function trashedAt(path: string): number | undefined {
  const [, , day, hour, minute, second] = IN_TRASH.exec(path) ?? [];
  return day === undefined ? undefined : Date.parse(`${day}T${hour}:${minute}:${second}Z`);
}
