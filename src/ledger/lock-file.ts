import { randomBytes } from 'node:crypto';
import type { Disk } from '../lib/disk.js';
import { errorCode } from '../lib/failure.js';
import type { ProcessIdentity } from './process-identity.js';

/*
 * The lock is a text file: the first line says who holds it, as JSON; every ten seconds the holder
 * appends a line, so that others see it live. Appending never tears what is there, and it goes to
 * the holder's file wherever that was moved to.
 */

/** Who holds a lock. */
export interface LockHolder extends ProcessIdentity {
  /** Random; the same process has another one with every lock that it takes. */
  readonly token: string;
  readonly command: string;
  /** ISO 8601, UTC. */
  readonly since: string;
}

/** A lock that somebody holds, as it was read. */
export interface SeenLock {
  /** Changes while the holder lives. */
  readonly content: string;
  /** `undefined` when the content is not understood. */
  readonly holder: LockHolder | undefined;
}

export const BEAT = '.\n';

/** The first line of a lock file. */
export function lockLine(holder: LockHolder): string {
  return `${JSON.stringify(holder)}\n`;
}

/** Reads a lock file; `undefined` when there is none. */
export async function readLock(disk: Disk, path: string): Promise<SeenLock | undefined> {
  try {
    const content = (await disk.readFile(path)).toString('utf8');
    return { content, holder: parseHolder(content) };
  } catch (error) {
    if (['ENOENT', 'ESTALE'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}

/** Whether the lock file is there and is the holder's. */
export async function isHeldBy(disk: Disk, path: string, token: string): Promise<boolean> {
  return (await readLock(disk, path))?.holder?.token === token;
}

/**
 * Takes `path` for the holder, whose lock file stands ready at `draft`. Returns the name under which
 * the lock can be appended to, or `undefined` when somebody has it. link(2) is atomic also on NFS,
 * where its answer may get lost: what counts is whose it is.
 */
export async function takeLock(
  disk: Disk,
  path: string,
  draft: { readonly path: string; readonly holder: LockHolder },
): Promise<string | undefined> {
  try {
    await disk.link(draft.path, path);
    return draft.path;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      return (await isHeldBy(disk, path, draft.holder.token)) ? draft.path : undefined;
    }
    if (!NO_LINKS.has(errorCode(error) ?? '')) throw error;
  }
  try {
    await disk.writeNew(path, [lockLine(draft.holder)]);
    return path;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return undefined;
    throw error;
  }
}

/** What file systems without hard links say (exFAT, some FUSE and SMB mounts). */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/**
 * Removes the lock if it is still `token`'s. It is moved aside first and looked at there: another
 * one that came meanwhile is put back.
 */
export async function removeLock(disk: Disk, path: string, seen: SeenLock): Promise<void> {
  const aside = `${path}.aside-${randomBytes(6).toString('hex')}`;
  try {
    await disk.rename(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  const moved = await readLock(disk, aside);
  if (moved !== undefined && !sameLock(moved, seen)) await putBack(disk, aside, path);
  await disk.remove(aside);
}

/** Whether both are one taking of the lock, however often it has beaten in between. */
export function sameLock(a: SeenLock, b: SeenLock): boolean {
  if (a.holder === undefined || b.holder === undefined) return a.content === b.content;
  return a.holder.token === b.holder.token;
}

async function putBack(disk: Disk, aside: string, path: string): Promise<void> {
  try {
    await disk.link(aside, path);
  } catch (error) {
    // Taken again already: who was moved aside will notice at its next check.
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

function parseHolder(content: string): LockHolder | undefined {
  const end = content.indexOf('\n');
  if (end < 0) return undefined;
  try {
    const holder = JSON.parse(content.slice(0, end)) as Partial<LockHolder> | null;
    const complete = typeof holder?.token === 'string' && typeof holder.pid === 'number';
    return complete ? (holder as LockHolder) : undefined;
  } catch {
    return undefined;
  }
}
