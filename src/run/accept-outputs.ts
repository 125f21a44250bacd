import type { LedgerView } from '../ledger/entry.js';
import type { Failure } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { ok } from '../lib/result.js';
import type { Manifest } from '../manifest/manifest.js';
import type { Change, Reason } from '../plan/action.js';
import type { DiskView } from '../plan/disk-fact.js';
import type { Proposal, RowEdit } from './edit-ledger.js';
import type { PlanOptions } from './plan.js';
import { planAgainst } from './plan.js';

/**
 * Proposes to take outputs as they are: those that an encoder's new version would make again, and
 * those that were changed outside. Whatever else speaks for a new encode goes on doing so.
 */
export async function proposeAccept(
  manifest: Manifest,
  view: LedgerView,
  options: PlanOptions,
): Promise<Result<Proposal, Failure>> {
  const planned = await planAgainst(manifest, view, options);
  if (!planned.ok) return planned;
  const { plan, input } = planned.value;
  const edits = plan.changes.flatMap((change) => accepted(change, input.disk) ?? []);
  return ok({ edits, refused: [] });
}

/** The row that says of the output what is true of it now; `undefined` where nothing can be accepted. */
export function accepted(change: Change, disk: DiskView): RowEdit | undefined {
  const { entry, reasons, action } = change;
  if (entry === undefined || entry.path !== change.output || action === 'skip') return undefined;
  const encoder = valueOf(reasons, 'encoder-changed');
  const there = disk.get(change.output);
  const drifted = reasons.some(({ code }) => code === 'output-changed');
  if (encoder === undefined && !drifted) return undefined;
  let { output } = entry;
  if (drifted) {
    if (there?.kind !== 'file' || there.sha256 === undefined) return undefined;
    output = { ...output, stat: there.stat, sha256: there.sha256 };
  }
  const now = { ...entry, encoder: encoder ?? entry.encoder, output };
  const text = reasons
    .filter(({ code }) => code === 'encoder-changed' || code === 'output-changed')
    .map((reason) => reason.text);
  return { entry, now, text: `is taken as it is: ${text.join('; ')}` };
}

function valueOf(reasons: readonly Reason[], code: Reason['code']): string | undefined {
  return reasons.find((reason) => reason.code === code)?.new;
}
