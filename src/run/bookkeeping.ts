import type { Entry } from '../ledger/entry.js';
import { nowNs } from '../lib/clock.js';
import type { Change } from '../plan/action.js';
import type { DiskView } from '../plan/disk-fact.js';
import { MISSING, sameFact } from '../plan/disk-fact.js';
import { isRacy } from '../sources/racy.js';
import type { CommitContext } from './commit.js';
import { lookAt } from './survey.js';

/** Carries out the rows that change no file: `touch`, `adopt` and `forget`. */
export async function keepBooks(
  changes: readonly Change[],
  seen: DiskView,
  { ledger, clock }: CommitContext,
): Promise<void> {
  const now = nowNs(clock);
  const written: Promise<void>[] = [];
  for (const change of changes) {
    if (change.action === 'forget') written.push(ledger.dropped(change.output, 'forgotten'));
    if (change.action !== 'touch' && change.action !== 'adopt') continue;
    const entry = refreshed(change, seen, now);
    if (entry !== undefined) written.push(ledger.updated(entry));
  }
  await Promise.all(written);
}

/**
 * The row with the stats of now; `undefined` when the output is not what the plan saw, or when the
 * source is so young that an edit could still hide behind its stat: the next plan looks again.
 */
function refreshed(
  { action, entry, desired }: Change,
  seen: DiskView,
  timeNs: bigint,
): Entry | undefined {
  if (entry === undefined || desired === undefined)
    throw new Error('the row that is kept is known');
  const now = lookAt(entry.path);
  if (now.kind !== 'file' || !sameFact(now, seen.get(entry.path) ?? MISSING)) return undefined;
  const { unverified: _, ...row } = entry;
  const output = { ...row.output, stat: now.stat };
  if (action === 'adopt') return { ...row, output };
  const { racy: __, ...source } = row.source;
  const { path, stat } = desired.source;
  if (isRacy(stat, timeNs)) return undefined;
  return { ...row, set: desired.set.name, output, source: { ...source, path, stat } };
}
