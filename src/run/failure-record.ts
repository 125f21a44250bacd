import type { FailureRecord } from '../ledger/entry.js';
import type { Recipe } from '../manifest/manifest.js';
import type { Change } from '../plan/action.js';
import type { Failed } from '../task/task.js';
import type { CommitContext } from './commit.js';

/**
 * What to remember of a failure; `undefined` for those that say nothing about source and recipe (no
 * space, a missing program, a source that changed meanwhile): the next run simply tries again.
 */
export function failureRecord(
  what: { readonly change: Change; readonly failed: Failed; readonly recipe: Recipe },
  { ledger, clock }: CommitContext,
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
