import type { AbsolutePath } from '../lib/brand.js';
import type { Change } from './action.js';
import type { Plan } from './make-plan.js';
import { noCounts } from './make-plan.js';
import type { PlanFile } from './plan-file.gen.js';

/** How a saved plan compares with what would be planned now. */
export interface Staleness {
  /** Why none of it may be carried out; `undefined`: row by row. */
  readonly whole: string | undefined;
  /** A line for each row that is not as it was, by output: one that only one of the two plans has, too. */
  readonly rows: ReadonlyMap<string, string>;
}

/** Compares them. A plan is for one ledger state, so it cannot be applied twice. */
export function staleness(saved: PlanFile, now: Plan): Staleness {
  const whole = wholeStaleness(saved, now);
  return { whole, rows: whole === undefined ? staleRows(saved, now) : new Map() };
}

function wholeStaleness(saved: PlanFile, now: Plan): string | undefined {
  if (saved.manifestDigest !== now.manifestDigest) return 'the manifest has changed';
  const otherLedger = saved.lineage !== null && saved.lineage !== now.lineage;
  if (saved.serial === now.serial && !otherLedger) return undefined;
  return 'the ledger has changed: the plan was applied already, or another apply came between';
}

function staleRows(saved: PlanFile, now: Plan): ReadonlyMap<string, string> {
  const before = new Map(saved.changes.map((change) => [change.output, change]));
  const lines = new Map<string, string>();
  const tell = (output: string, what: string): void => {
    lines.set(output, `${output}: ${what}`);
  };
  for (const change of now.changes) {
    if (!isSaved(change)) continue;
    const { output, action, desired } = change;
    const old = before.get(output);
    before.delete(output);
    if (old === undefined) tell(output, `now to ${action}`);
    else if (old.action !== action) tell(output, `${old.action} -> ${action}`);
    else if (old.sourceStat !== (desired?.source.stat ?? null))
      tell(output, 'its source has changed');
    else if (action === 'move' && old.reasons[0] !== change.reasons[0]?.text)
      tell(output, 'it would be moved from elsewhere');
  }
  for (const old of before.values()) tell(old.output, `nothing to ${old.action} any more`);
  return lines;
}

/** `touch` rows are bookkeeping: neither saved nor compared. */
export function isSaved({ action }: Change): boolean {
  return action !== 'touch';
}

/**
 * The plan without these rows, and without those that would replace a file which one of them was to
 * move away.
 */
export function withoutRows(plan: Plan, outputs: Iterable<string>): Plan {
  const byOutput = new Map<string, Change>(plan.changes.map((change) => [change.output, change]));
  const left = new Set<string>();
  for (const output of outputs) {
    let at: string | undefined = output;
    while (at !== undefined && !left.has(at)) {
      left.add(at);
      at = movedFrom(byOutput.get(at));
    }
  }
  const changes = plan.changes.filter(({ output }) => !left.has(output));
  const counts = { ...noCounts(), noop: plan.counts.noop };
  for (const { action } of changes) counts[action] += 1;
  return { ...plan, changes, counts };
}

function movedFrom(change: Change | undefined): AbsolutePath | undefined {
  return change?.action === 'move' ? change.entry?.path : undefined;
}
