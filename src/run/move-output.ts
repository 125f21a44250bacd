import { dirname } from 'node:path';
import type { Entry } from '../ledger/entry.js';
import { nowNs } from '../lib/clock.js';
import { errorMessage } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { StatKey } from '../lib/stat-key.js';
import type { Change, Desired } from '../plan/action.js';
import { sourceTagId } from '../sources/folder-picture.js';
import { isRacy } from '../sources/racy.js';
import type { CommitContext } from './commit.js';
import { makeFolder } from './folders.js';
import { lookAt } from './survey.js';

/**
 * Carries out a `move`: the old output, unchanged by its checksum, is renamed onto the new path,
 * which must be free, by the same journalled steps as a new output. Returns its stat there. The error
 * is a sentence for people; then nothing has happened.
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
  const from = lookAt(entry.path);
  if (from.kind === 'file' && from.stat === desired.source.stat)
    return err(`${entry.path} is the source itself`);
  try {
    if ((await disk.sha256(entry.path)) !== entry.output.sha256) {
      return err(`${entry.path} is no longer what the ledger says`);
    }
    await makeFolder(dirname(change.output), context);
    await ledger.staged(
      { ...entry, path: change.output, set: change.set, source: sourceOf(entry, desired, context) },
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

/**
 * The source under its new name. A later run trusts a recorded stat, so the new one is only recorded
 * where the output has the source's tags already and no edit could hide behind it.
 */
function sourceOf(
  { source }: Entry,
  { source: { path, stat, identity } }: Desired,
  { clock }: CommitContext,
): Entry['source'] {
  const open = identity?.tagId !== sourceTagId(source.tagId) || isRacy(stat, nowNs(clock));
  return open ? { ...source, path } : { ...source, path, stat };
}
