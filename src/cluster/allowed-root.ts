import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AbsolutePath } from '../lib/brand.js';
import { errorCode } from '../lib/failure.js';
import { isWithin } from '../lib/path-within.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { Task } from '../task/task.js';
import { normalPath } from './path-map.js';

/** A folder that an agent may use: `--root PATH[:ro|:rw]`. */
export interface AllowedRoot {
  readonly path: AbsolutePath;
  readonly writable: boolean;
}

/** What is to be done with a path. */
export type Access = 'read' | 'write';

/** Reads `/mnt/nas/music:ro`; without an ending it may be written to. The error says what is wrong. */
export function parseAllowedRoot(text: string): Result<AllowedRoot, string> {
  const [, path = '', access] = /^(.*?)(?::(ro|rw))?$/s.exec(text) ?? [];
  if (!path.startsWith('/')) return err(`"${path}" is no absolute path`);
  return ok({ path: normalPath(path), writable: access !== 'ro' });
}

/** Whether a path lies, by its name, where it may be used so. Without a list everything may. */
export function isAllowed(
  path: string,
  access: Access,
  roots: readonly AllowedRoot[] | undefined,
): boolean {
  if (roots === undefined) return true;
  return roots.some((root) => (access === 'read' || root.writable) && isWithin(path, root.path));
}

/** Why a path must not be used so. */
export function notAllowed(path: string, access: Access): string {
  return `this worker may not ${access} ${path}: it was started with other folders (--root)`;
}

/**
 * Looks where the links on the way to a task's files lead; `undefined`: not out of the roots. What is
 * not there leads nowhere, and is the task's own business.
 */
export async function whereLinksLeadOut(
  { source, folderPicture, part, reuse }: Task,
  roots: readonly AllowedRoot[] | undefined,
): Promise<string | undefined> {
  if (roots === undefined) return undefined;
  const real = await realRoots(roots);
  const looks: readonly (readonly [string, Access])[] = [
    [source.path, 'read'],
    ...(folderPicture === undefined ? [] : [[folderPicture.path, 'read'] as const]),
    ...(reuse === undefined ? [] : [[reuse.path, 'read'] as const]),
    [dirname(part), 'write'],
  ];
  for (const [path, access] of looks) {
    const target = await realPathOf(path);
    if (target === undefined || isAllowed(target, access, real)) continue;
    return `${path} leads to ${target}, and ${notAllowed(target, access)}`;
  }
  return undefined;
}

async function realRoots(roots: readonly AllowedRoot[]): Promise<readonly AllowedRoot[]> {
  return Promise.all(
    roots.map(async (root) => ({ ...root, path: (await realPathOf(root.path)) ?? root.path })),
  );
}

async function realPathOf(path: string): Promise<AbsolutePath | undefined> {
  try {
    return (await realpath(path)) as AbsolutePath;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}
