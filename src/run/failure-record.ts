import type { FailureRecord, LedgerView } from '../ledger/entry.js';
import type { Clock } from '../lib/clock.js';
import type { Recipe } from '../manifest/manifest.js';
import type { Change } from '../plan/action.js';
import type { Failed } from '../task/task.js';

/** What was tried. */
type Tried = Pick<Change, 'output' | 'set'> & {
  readonly desired?: { readonly source: FailureRecord['source'] };
};

interface FailureContext {
  readonly ledger: { readonly view: Pick<LedgerView, 'failures'> };
  readonly clock: Clock;
}

/**
 * What to remember of a failure; `undefined` for those that say nothing about source and recipe (no
 * space, a missing program, a source that changed meanwhile): the next run simply tries again.
 */
export function failureRecord(
  what: { readonly change: Tried; readonly failed: Failed; readonly recipe: Recipe },
  { ledger, clock }: FailureContext,
): FailureRecord | undefined {
  const { change, failed, recipe } = what;
  const { desired, output, set } = change;
  if (desired === undefined || (failed.class !== 'input' && failed.class !== 'crash'))
    return undefined;
  const { path, stat } = desired.source;
  const before = ledger.view.failures.get(output);
  return {
    path: output,
    set,
    source: { path, stat },
    recipe,
    code: failed.code,
    text: failed.text,
    count: before?.source.stat === stat ? before.count + 1 : 1,
    at: new Date(clock.now()).toISOString(),
    ...(failed.stderrTail === '' ? {} : { stderrTail: failed.stderrTail }),
  };
}
