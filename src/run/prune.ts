import { dirname } from 'node:path';
import type { Entry } from '../ledger/entry.js';
import { LedgerError } from '../ledger/failure.js';
import type { AbsolutePath } from '../lib/brand.js';
import { errorMessage } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { Manifest } from '../manifest/manifest.js';
import type { Change } from '../plan/action.js';
import type { RunEvent } from '../report/event.js';
import type { CommitContext } from './commit.js';
import { mayRemove } from './may-remove.js';
import { throwAway } from './trash.js';
import type { Trash } from './trash.js';

export interface PruneOptions {
  readonly manifest: Pick<Manifest, 'outputs'>;
  readonly emit: (event: RunEvent) => void;
  /** Aborted: nothing more is deleted. */
  readonly drain: AbortSignal;
  /** Where outputs go instead of being deleted; `undefined`: nowhere. */
  readonly trash: Trash | undefined;
}

/**
 * Carries out the `delete` rows, each only as far as its file may be removed at that moment. What
 * cannot be removed is reported and stays in the ledger. Returns how many are gone.
 */
export async function pruneOutputs(
  changes: readonly Change[],
  context: CommitContext,
  options: PruneOptions,
): Promise<number> {
  const { emit, drain } = options;
  let deleted = 0;
  for (const { output, set, reasons, entry } of changes) {
    if (drain.aborted) break;
    if (entry === undefined) throw new Error('a delete has a row');
    const gone = await deleteOutput(entry, options, context);
    if (!gone.ok) {
      emit({ type: 'file-kept', output, set, text: gone.error });
      continue;
    }
    deleted += 1;
    const to = gone.value === undefined ? {} : { trash: gone.value };
    emit({ type: 'file-deleted', output, set, reasons, ...to });
  }
  return deleted;
}

/** The error says why the file was kept; the value, where it is in the trash. */
async function deleteOutput(
  entry: Entry,
  { manifest, trash }: PruneOptions,
  context: CommitContext,
): Promise<Result<AbsolutePath | undefined, string>> {
  const { disk, ledger } = context;
  const output = entry.path;
  try {
    const may = await mayRemove(entry, manifest, context);
    if (!may.ok) return may;
    if (may.value) {
      if (trash !== undefined) return ok(await throwAway(entry, trash, context));
      await disk.remove(output);
      await disk.syncDirectory(dirname(output));
    }
  } catch (error) {
    if (error instanceof LedgerError) throw error;
    return err(errorMessage(error));
  }
  await ledger.dropped(output, 'deleted');
  return ok(undefined);
}
