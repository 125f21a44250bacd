import { randomBytes } from 'node:crypto';
import type { LedgerView } from '../ledger/entry.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Failure } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { Manifest } from '../manifest/manifest.js';
import type { PlanFile } from '../plan/plan-file.gen.js';
import { staleness } from '../plan/plan-file.js';
import type { Summary } from '../report/event.js';
import { formatCounted } from '../report/format.js';
import { trashOf } from './collect-trash.js';
import type { HandOut } from './encode-stage.js';
import { withLedger } from './open-ledger.js';
import type { LedgerOptions } from './open-ledger.js';
import type { Planned, PlanOptions } from './plan.js';
import { planAgainst } from './plan.js';
import { carryOut } from './stages.js';
import { Tally } from './tally.js';
import type { Trash } from './trash.js';

export interface ApplyOptions extends LedgerOptions, Omit<PlanOptions, 'signal'> {
  /** Asked once the plan is known; `false` leaves everything as it is. */
  readonly confirm: (planned: Planned) => Promise<boolean>;
  /** A saved plan: carried out only if it is still exactly what would be planned now. */
  readonly saved?: PlanFile;
  readonly handOut: HandOut;
  /** Aborted by the first SIGINT: hand out no more, delete nothing, let what runs be committed. */
  readonly drain: AbortSignal;
}

export interface ApplyReport {
  readonly summary: Summary;
  /** Rows that asked for something that apply does not do: conflicts, drift, unreadable sources, what failed before. */
  readonly unresolved: number;
}

/** Makes the disk what the manifest wants: lock, recover, plan, confirm, carry out, write down. */
export async function applyManifest(
  manifest: Manifest,
  options: ApplyOptions,
): Promise<Result<ApplyReport, Failure>> {
  const run = randomBytes(6).toString('hex');
  return withLedger(manifest, { ...options, run }, (ledger) =>
    applyUnderLock(manifest, options, { ledger, run }),
  );
}

interface OpenRun {
  readonly ledger: Ledger;
  readonly run: string;
}

async function applyUnderLock(
  manifest: Manifest,
  options: ApplyOptions,
  { ledger, run }: OpenRun,
): Promise<Result<ApplyReport, Failure>> {
  const started = options.clock.monotonic();
  const planned = await planAgainst(manifest, ledger.view, {
    ...options,
    signal: options.drain,
  });
  if (!planned.ok) return planned;
  const refusal = staleFailure(planned.value, options.saved) ?? planned.value.guard;
  if (refusal !== undefined) return err(refusal);
  const { plan, input, observation } = planned.value;
  if (!(await options.confirm(planned.value))) {
    return err({ code: 'NOT_CONFIRMED', message: 'nothing was changed' });
  }
  const tally = new Tally(manifest.outputs.map(({ name }) => name));
  const context = { ledger, run, disk: options.disk, clock: options.clock };
  const carried = await carryOut(plan.changes, {
    ...options,
    context,
    tally,
    seen: input.disk,
    minAgeMs: manifest.policy.minAgeMs,
    trash: trashFor(manifest, options.clock.now()),
  });
  tally.interrupted = options.drain.aborted;
  const summary = tally.summary({
    run,
    tasks: carried.ok ? carried.value : tally.completed + tally.failures,
    ms: options.clock.monotonic() - started,
    sources: observation.sources,
  });
  if (carried.ok || tally.completed + tally.failures > 0) options.emit(summary);
  if (!carried.ok) return carried;
  tellOldTrash(manifest, ledger.view, options);
  const { conflict, drift, error, skip } = plan.counts;
  return ok({ summary, unresolved: conflict + drift + error + skip + observation.problems });
}

/** Apply itself never empties the trash. */
function tellOldTrash(
  { policy: { trashMs } }: Manifest,
  view: LedgerView,
  { clock, emit }: Pick<ApplyOptions, 'clock' | 'emit'>,
): void {
  if (trashMs === undefined) return;
  const old = trashOf(view, clock.now(), trashMs).length;
  if (old === 0) return;
  const text = `${formatCounted(old, 'output')} lay in the trash for longer than policy.trash: \`flac2all gc\` removes what is old`;
  emit({ type: 'notice', level: 'info', code: 'TRASH_OLD', text });
}

function trashFor({ policy, outputs }: Manifest, atMs: number): Trash | undefined {
  return policy.trashMs === undefined
    ? undefined
    : { roots: outputs.map(({ root }) => root), atMs };
}

/** Of what has moved since a plan was saved, how much is told. */
const STALE_SHOWN = 5;

function staleFailure({ plan }: Planned, saved: PlanFile | undefined): Failure | undefined {
  if (saved === undefined) return undefined;
  const moved = staleness(saved, plan);
  if (moved.length === 0) return undefined;
  const shown = moved.slice(0, STALE_SHOWN);
  const more = moved.length > shown.length ? `; and ${moved.length - shown.length} more` : '';
  return {
    code: 'PLAN_STALE',
    message: `the saved plan is stale: ${shown.join('; ')}${more}`,
    hint: 'make a new one with `flac2all plan --out FILE`',
  };
}
