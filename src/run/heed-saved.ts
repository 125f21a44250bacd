import type { Failure } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { Manifest } from '../manifest/manifest.js';
import { guardDeletes } from '../plan/guards.js';
import type { PlanFile } from '../plan/plan-file.gen.js';
import { staleness, withoutRows } from '../plan/staleness.js';
import type { RunEvent } from '../report/event.js';
import type { Planned } from './plan.js';

export interface SavedOptions {
  readonly saved?: PlanFile;
  readonly skipStaleRows?: boolean;
  readonly emit: (event: RunEvent) => void;
}

/** What may be carried out. */
export interface Agreed extends Planned {
  /** Rows of the saved plan that are left, because they are not as they were. */
  readonly skipped: number;
}

/** Of what has moved since, how much a refusal tells. */
const STALE_SHOWN = 5;

/** Holds a plan against the saved one that is to be applied, if there is one. */
export function heedSaved(
  planned: Planned,
  manifest: Manifest,
  { saved, skipStaleRows, emit }: SavedOptions,
): Result<Agreed, Failure> {
  if (saved === undefined) return ok({ ...planned, skipped: 0 });
  const { whole, rows } = staleness(saved, planned.plan);
  if (whole !== undefined) return err(staleFailure([whole]));
  if (rows.size === 0) return ok({ ...planned, skipped: 0 });
  const isAllStale = saved.changes.every(({ output }) => rows.has(output));
  if (skipStaleRows !== true || isAllStale) return err(staleFailure([...rows.values()]));
  const plan = withoutRows(planned.plan, rows.keys());
  const kept = new Set(plan.changes);
  const waiting = planned.plan.changes
    .filter((change) => !kept.has(change) && !rows.has(change.output))
    .map(({ output }) => `${output}: it waits for another that is left`);
  const lines = [...rows.values(), ...waiting];
  for (const line of lines) {
    const text = `left as it is, because it is not as planned any more: ${line}`;
    emit({ type: 'notice', level: 'warning', code: 'PLAN_ROW_STALE', text });
  }
  // What is left may delete less; that a source is empty stays as it is.
  const isTooMany = planned.guard?.code === 'TOO_MANY_DELETES';
  const guard = isTooMany ? guardDeletes(plan, manifest) : planned.guard;
  return ok({ ...planned, plan, guard, skipped: lines.length });
}

function staleFailure(moved: readonly string[]): Failure {
  const shown = moved.slice(0, STALE_SHOWN);
  const more = moved.length > shown.length ? `; and ${moved.length - shown.length} more` : '';
  return {
    code: 'PLAN_STALE',
    message: `the saved plan is stale: ${shown.join('; ')}${more}`,
    hint: 'make a new one with `flac2all plan --out FILE`',
  };
}
