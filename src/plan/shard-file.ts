import { join } from 'node:path';
import { errorMessage } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import { validatorFor } from '../lib/schema-validator.js';
import type { PlanFileFailure } from './failure.js';
import type { ShardFile } from './shard-file.gen.js';

/*
 * Beside a plan P whose work was divided stands P.shards, with a folder for each shard: what it has
 * to do (`tasks.json`), its lock while it is at work, and a journal of each of its runs.
 */

/** The folder of all shards of the plan in `file`. */
export function shardsFolder(file: string): string {
  return `${file}.shards`;
}

/** The folder of one shard; `index` counts from 1. */
export function shardFolder(file: string, index: number): string {
  return join(shardsFolder(file), String(index));
}

/** What a shard has to do. */
export function tasksFile(folder: string): string {
  return join(folder, 'tasks.json');
}

/** Reads what a shard has to do; `file` is for the message. Its tasks are as the same program wrote them. */
export function parseShardFile(
  text: string,
  { file, program }: { readonly file: string; readonly program: string },
): Result<ShardFile, PlanFileFailure> {
  const hint = 'make a new plan with `flac2all plan --out FILE --shards N`';
  const wrong = (why: string): Result<never, PlanFileFailure> =>
    err({ code: 'PLAN_FILE_INVALID', message: `${file} is no shard of a plan: ${why}`, hint });
  try {
    const value: unknown = JSON.parse(text);
    const validate = validatorFor('shard');
    if (!validate(value)) {
      const [first] = validate.errors ?? [];
      return wrong(`${first?.instancePath || 'the top'} ${first?.message ?? ''}`);
    }
    const shard = value as ShardFile;
    if (shard.program === program) return ok(shard);
    return wrong(`flac2all ${shard.program} wrote it, and this is ${program}`);
  } catch (error) {
    return wrong(errorMessage(error));
  }
}
