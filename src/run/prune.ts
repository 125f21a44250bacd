import { dirname } from 'node:path';
import { errorMessage } from '../lib/failure.js';
import type { Change } from '../plan/action.js';
import type { RunEvent } from '../report/event.js';
import type { CommitContext } from './commit.js';
import { sourceStat } from './source-stat.js';

export interface PruneOptions {
  readonly emit: (event: RunEvent) => void;
  /** Aborted: nothing more is deleted. */
  readonly drain: AbortSignal;
}

/**
 * Carries out the `delete` rows: only regular files whose checksum, read at that moment, is the one in
 * the ledger. What cannot be removed is reported and stays in the ledger. Returns how many are gone.
 */
export async function pruneOutputs(
  changes: readonly Change[],
  context: CommitContext,
  { emit, drain }: PruneOptions,
): Promise<number> {
  let deleted = 0;
  for (const change of changes) {
    if (drain.aborted) break;
    const refusal = await deleteOutput(change, context);
    const { output, set, reasons } = change;
    if (refusal === undefined) {
      deleted += 1;
      emit({ type: 'file-deleted', output, set, reasons });
    } else {
      emit({ type: 'file-kept', output, set, text: refusal });
    }
  }
  return deleted;
}

/** Returns why the file was kept; `undefined` when it is gone. */
async function deleteOutput(
  { output, entry }: Change,
  context: CommitContext,
): Promise<string | undefined> {
  const { disk, ledger } = context;
  if (entry === undefined) throw new Error('a delete has a row');
  try {
    const now = await disk.lstat(output);
    if (now !== undefined) {
      if (now.kind !== 'file') return 'no longer a regular file';
      if (now.stat === sourceStat(entry.source.path)) return 'it is the source itself';
      if ((await disk.sha256(output)) !== entry.output.sha256)
        return 'changed since the plan was made';
      await disk.remove(output);
      await disk.syncDirectory(dirname(output));
    }
  } catch (error) {
    return errorMessage(error);
  }
  await ledger.dropped(output, 'deleted');
  return undefined;
}
