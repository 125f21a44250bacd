import { lstat, open, stat } from 'node:fs/promises';
import type { BigIntStats } from 'node:fs';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { statKey } from '../lib/stat-key.js';
import type { Sha256 } from '../lib/brand.js';
import { fileDigest } from './file-digest.js';
import { problem, readProblem, writeProblem } from './problem.js';
import type { Problem } from './problem.js';
import type { Made, Task } from './task.js';

/** File systems and network clocks are this coarse: an edit within it may leave the stat as it was. */
const RACY_NS = 2_000_000_000n;

/** The part file on stable storage, with its checksum. */
export async function sealPart(
  path: string,
): Promise<Result<Made['part'] & { readonly mtimeNs: bigint }, Problem>> {
  try {
    {
      await using file = await open(path, 'r+');
      await file.sync();
    }
    const sha256 = await fileDigest(path);
    const stats = await lstat(path, { bigint: true });
    return ok({ stat: statKey(stats), sha256, mtimeNs: stats.mtimeNs });
  } catch (error) {
    return err(writeProblem(error, path));
  }
}

/** What the source is now; an error unless it is what the task was made for. */
export async function statSource(task: Task): Promise<Result<BigIntStats, Problem>> {
  const { path } = task.source;
  try {
    const stats = await stat(path, { bigint: true });
    if (statKey(stats) === task.source.stat) return ok(stats);
    const text = `${path}: changed since it was planned`;
    return err(problem({ class: 'changed', code: 'SOURCE_CHANGED', text }));
  } catch (error) {
    return err(readProblem(error, path));
  }
}

/** SHA-256 of the source. */
export async function digestSource(task: Task): Promise<Result<Sha256, Problem>> {
  try {
    return ok(await fileDigest(task.source.path));
  } catch (error) {
    return err(readProblem(error, task.source.path));
  }
}

/**
 * Whether an edit could hide behind an equal stat: the source is younger than clocks are fine. Judged
 * by this machine's clock and by that of the part's file system, whichever makes the source younger.
 */
export function isRacy(source: BigIntStats, clocks: { nowMs: number; partNs: bigint }): boolean {
  const touched = source.mtimeNs > source.ctimeNs ? source.mtimeNs : source.ctimeNs;
  const localNs = BigInt(Math.floor(clocks.nowMs)) * 1_000_000n;
  const now = localNs < clocks.partNs ? localNs : clocks.partNs;
  return now - touched < RACY_NS;
}
