import type { Ledger } from '../ledger/ledger.js';
import type { PlanInput } from '../plan/make-plan.js';

/**
 * Ends what is remembered of failures of outputs that nothing wants any more and that were never
 * made: their source is gone, or is asked for no longer. Sources that could not be looked at count as
 * there.
 */
export async function forgetFailures(
  { desired, targeted, unseen }: PlanInput,
  ledger: Ledger,
): Promise<void> {
  const { failures, entries } = ledger.view;
  if (failures.size === 0 || targeted !== undefined) return;
  const wanted = new Set(desired.map(({ output }) => output));
  const over = [...failures.values()].filter(
    ({ path, source }) => !wanted.has(path) && !entries.has(path) && !unseen(source.path),
  );
  await Promise.all(over.map(({ path }) => ledger.dropped(path, 'forgotten')));
}
