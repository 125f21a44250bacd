import { dirname } from 'node:path';
import { errorMessage } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { StatKey } from '../lib/stat-key.js';
import type { Change } from '../plan/action.js';
import type { CommitContext } from './commit.js';
import { lookAt } from './survey.js';

/**
 * Carries out a `move`: the old output, unchanged by its checksum, is renamed onto the new path, which
 * must be free, by the same journalled steps as a new output; its stat there is returned. The error is a sentence for people; then
 * nothing has happened.
 */
export async function moveOutput(
  change: Change,
  context: CommitContext,
): Promise<Result<StatKey, string>> {
  const { entry, desired } = change;
  if (entry === undefined || desired === undefined) throw new Error('a move has a row and a wish');
  const { ledger, disk } = context;
  if (lookAt(change.output).kind !== 'missing')
    return err(`${change.output} has appeared since the plan`);
  try {
    if ((await disk.sha256(entry.path)) !== entry.output.sha256) {
      return err(`${entry.path} is no longer what the ledger says`);
    }
    await ledger.madeDirectories(await makeFolder(change, context));
    const source = { ...entry.source, path: desired.source.path, stat: desired.source.stat };
    await ledger.staged(
      { ...entry, path: change.output, set: change.set, source },
      entry.path,
      undefined,
    );
    await disk.rename(entry.path, change.output);
  } catch (error) {
    await ledger.released(change.output);
    return err(errorMessage(error));
  }
  await disk.syncDirectory(dirname(change.output));
  await disk.syncDirectory(dirname(entry.path));
  const stat = (await disk.lstat(change.output))?.stat ?? entry.output.stat;
  await ledger.done(change.output, stat);
  await ledger.dropped(entry.path, 'forgotten');
  return ok(stat);
}

async function makeFolder({ output }: Change, { disk }: CommitContext): Promise<readonly never[]> {
  return (await disk.makeDirectory(dirname(output))) as readonly never[];
}
