import { dirname } from 'node:path';
import type { Entry } from '../ledger/entry.js';
import type { AbsolutePath } from '../lib/brand.js';
import { nowNs } from '../lib/clock.js';
import { errorMessage } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { StatKey } from '../lib/stat-key.js';
import type { Desired } from '../plan/action.js';
import type { DiskFact } from '../plan/disk-fact.js';
import { MISSING, sameFact } from '../plan/disk-fact.js';
import { sourceTagId } from '../sources/folder-picture.js';
import { isRacy } from '../sources/racy.js';
import { partPath } from '../task/part-name.js';
import type { CommitContext } from './commit.js';
import { makeFolder } from './folders.js';
import type { Move } from './move-order.js';
import { lookAt } from './survey.js';

/**
 * Carries out a `move`: the old output, unchanged by its checksum, is renamed onto the new path, where
 * nothing but what is `expected` may stand, by the same journalled steps as a new output. Returns its
 * stat there. The error is a sentence for people; then nothing has happened.
 */
export async function moveOutput(
  { change, from }: Move,
  expected: DiskFact,
  context: CommitContext,
): Promise<Result<StatKey, string>> {
  const { desired, output, set } = change;
  if (desired === undefined) throw new Error('a move has a wish');
  const there = lookAt(from.path);
  if (there.kind === 'file' && there.stat === desired.source.stat)
    return err(`${from.path} is the source itself`);
  const row = { ...from, path: output, set, source: sourceOf(from, desired, context) };
  return rename({ from, row, expected }, context);
}

/**
 * Gives an output a name beside its own, out of the way of others, and a row there: if the run ends
 * now, the next plan finds it and moves it on. Returns that row.
 */
export async function setAside(
  from: Entry,
  context: CommitContext,
): Promise<Result<Entry, string>> {
  const { ledger, run } = context;
  const path = partPath(from.path, `aside ${run}`, ledger.view.lineage ?? '');
  const row = { ...from, path };
  const stat = await rename({ from, row, expected: MISSING }, context);
  return stat.ok ? ok({ ...row, output: { ...row.output, stat: stat.value } }) : stat;
}

interface Rename {
  readonly from: Entry;
  /** The row that the file has then. */
  readonly row: Entry;
  readonly expected: DiskFact;
}

async function rename(
  { from, row, expected }: Rename,
  context: CommitContext,
): Promise<Result<StatKey, string>> {
  const { ledger, disk } = context;
  const file = lookAt(from.path);
  const there = lookAt(row.path);
  if (!sameFact(there, expected)) return err(`${row.path} has changed since the plan`);
  try {
    if ((await disk.sha256(from.path)) !== from.output.sha256)
      return err(`${from.path} is no longer what the ledger says`);
    await makeFolder(dirname(row.path), context);
    await ledger.staged(row, from.path, there.kind === 'file' ? there.stat : undefined);
    if (!sameFact(lookAt(from.path), file) || !sameFact(lookAt(row.path), there))
      throw new Error(`${from.path} or ${row.path} was changed meanwhile`);
    await disk.rename(from.path, row.path);
  } catch (error) {
    await ledger.released(row.path);
    return err(errorMessage(error));
  }
  await syncFolders(from.path, row.path, context);
  const stat = (await disk.lstat(row.path))?.stat ?? from.output.stat;
  await ledger.done(row.path, stat);
  await ledger.dropped(from.path, 'forgotten');
  return ok(stat);
}

async function syncFolders(
  from: AbsolutePath,
  to: AbsolutePath,
  { disk }: CommitContext,
): Promise<void> {
  await disk.syncDirectory(dirname(to));
  if (dirname(from) !== dirname(to)) await disk.syncDirectory(dirname(from));
}

/**
 * The source under its new name. A later run trusts a recorded stat, so the new one is only recorded
 * where the output has the source's audio and tags already and no edit could hide behind it.
 */
function sourceOf(
  { source }: Entry,
  { source: { path, stat, identity } }: Desired,
  { clock }: CommitContext,
): Entry['source'] {
  const tags = sourceTagId(source.tagId);
  const behind = identity?.tagId !== tags || identity.audioId !== source.audioId;
  const open = behind || isRacy(stat, nowNs(clock));
  return open ? { ...source, path } : { ...source, path, stat };
}
