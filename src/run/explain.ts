import type { FailureRecord } from '../ledger/entry.js';
import type { AbsolutePath } from '../lib/brand.js';
import type { Failure } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { Change } from '../plan/action.js';
import { decideAll } from '../plan/make-plan.js';
import type { Planned } from './plan.js';

/** All that is known of one output. */
export interface Explanation {
  /** What would be done, and why; its `entry` tells what was done last. */
  readonly change: Change;
  readonly failure: FailureRecord | undefined;
}

/** Finds what concerns a source or an output: one explanation an output. */
export function explainPath(
  path: AbsolutePath,
  { input }: Planned,
): Result<readonly Explanation[], Failure> {
  const explanations: Explanation[] = [];
  for (const change of decideAll(input)) {
    const concerns = [change.output, change.source, change.entry?.path, change.entry?.source.path];
    if (!concerns.includes(path)) continue;
    explanations.push({ change, failure: input.ledger.failures.get(change.output) });
  }
  if (explanations.length > 0) return ok(explanations);
  return err({
    code: 'NO_SUCH_PATH',
    message: `${path} is neither a source nor an output of ${input.manifest.file}`,
    hint: 'name a file below a source root or below an output root',
  });
}
