import { lstat, open, stat } from 'node:fs/promises';
import { nodeDisk } from '../lib/node-disk.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { statKey } from '../lib/stat-key.js';
import type { StatKey } from '../lib/stat-key.js';
import type { Sha256 } from '../lib/brand.js';
import { isRacy } from '../sources/racy.js';
import { problem, readProblem, writeProblem } from './problem.js';
import type { Problem } from './problem.js';
import type { Made, Task } from './task.js';

/** The part file on stable storage, with its checksum. */
export async function sealPart(
  path: string,
): Promise<Result<Made['part'] & { readonly mtimeNs: bigint }, Problem>> {
  try {
    {
      await using file = await open(path, 'r+');
      await file.sync();
    }
    const sha256 = await nodeDisk.sha256(path);
    const stats = await lstat(path, { bigint: true });
    return ok({ stat: statKey(stats), sha256, mtimeNs: stats.mtimeNs });
  } catch (error) {
    return err(writeProblem(error, path));
  }
}

/** Looks whether the source still is what the task was made for; `undefined`: it is. */
export async function checkSource({ source }: Task): Promise<Problem | undefined> {
  const { path } = source;
  try {
    if (statKey(await stat(path, { bigint: true })) === source.stat) return undefined;
    const text = `${path}: changed since it was planned`;
    return problem({ class: 'changed', code: 'SOURCE_CHANGED', text });
  } catch (error) {
    return readProblem(error, path);
  }
}

/** SHA-256 of the source. */
export async function digestSource(task: Task): Promise<Result<Sha256, Problem>> {
  try {
    return ok(await nodeDisk.sha256(task.source.path));
  } catch (error) {
    return err(readProblem(error, task.source.path));
  }
}

/**
 * Whether an edit of the source could hide behind an equal stat. Judged by this machine's clock and
 * by that of the part's file system, whichever makes the source younger.
 */
export function isRacySource(
  source: StatKey,
  clocks: { readonly localNs: bigint; readonly partNs: bigint },
): boolean {
  const { localNs, partNs } = clocks;
  return isRacy(source, localNs < partNs ? localNs : partNs);
}
