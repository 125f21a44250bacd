import { randomBytes } from 'node:crypto';
import type { Entry, LedgerView } from '../ledger/entry.js';
import type { Ledger } from '../ledger/ledger.js';
import type { AbsolutePath } from '../lib/brand.js';
import type { Failure } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { Manifest } from '../manifest/manifest.js';
import type { Change } from '../plan/action.js';
import type { PlanFile } from '../plan/plan-file.gen.js';
import type { RunEvent, Summary } from '../report/event.js';
import { formatCounted } from '../report/format.js';
import { adoptPlanned } from './adopt.js';
import type { AdoptReport } from './adopt.js';
import { trashOf } from './collect-trash.js';
import { heedSaved } from './heed-saved.js';
import { forgetFailures } from './forget-failures.js';
import type { HandOut } from './encode-stage.js';
import { withLedger } from './open-ledger.js';
import type { LedgerOptions } from './open-ledger.js';
import type { Planned, PlanOptions } from './plan.js';
import { planAgainst } from './plan.js';
import { shardsPending } from './shard-claim.js';
import { carryOut } from './stages.js';
import { rootsOf } from './storage-questions.js';
import { pinned } from './survey.js';
import { Tally } from './tally.js';
import type { Trash } from './trash.js';
import { unreadableSources } from './unreadable-sources.js';

/** What is asked about. */
export interface Offered extends Planned {
  /** What was adopted for it, where that was asked for. */
  readonly adoption?: AdoptReport | undefined;
}

export interface ApplyOptions extends LedgerOptions, Omit<PlanOptions, 'signal'> {
  /** Asked once the plan is known; `false` leaves everything as it is. */
  readonly confirm: (offered: Offered) => Promise<boolean>;
  /** A saved plan: carried out only if it is still exactly what would be planned now. */
  readonly saved?: PlanFile;
  /** Files that stand where outputs are wanted are adopted before anything is made. */
  readonly adoptUnmanaged?: boolean;
  /** Of a saved plan what still is as it was is carried out; the rest is told and left. */
  readonly skipStaleRows?: boolean;
  readonly handOut: HandOut;
  /** Called under the lock; what it returns is called before the lock is given back. */
  readonly onLocked?: () => () => Promise<void>;
  /** Aborted by the first SIGINT: hand out no more, delete nothing, let what runs be committed. */
  readonly drain: AbortSignal;
}

export interface ApplyReport {
  readonly summary: Summary;
  /** Rows that asked for something that apply does not do: conflicts, drift, unreadable sources, what failed before, stale rows of a saved plan. */
  readonly unresolved: number;
}

/** Makes the disk what the manifest wants: lock, recover, plan, confirm, carry out, write down. */
export async function applyManifest(
  manifest: Manifest,
  options: ApplyOptions,
): Promise<Result<ApplyReport, Failure>> {
  const run = randomBytes(6).toString('hex');
  const keepParts = manifest.cluster.bind !== undefined;
  return withLedger(manifest, { ...options, run, keepParts }, async (ledger) => {
    const onUnlock = options.onLocked?.();
    try {
      return await applyUnderLock(manifest, options, { ledger, run });
    } finally {
      await onUnlock?.();
    }
  });
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
  const pending = await shardsPending(manifest.stateDirectory, options.disk);
  if (pending !== undefined) return err(pending);
  const started = options.clock.monotonic();
  const planned = await planUnderLock(manifest, options, { ledger, run });
  if (!planned.ok) return planned;
  const { adoption } = planned.value;
  const agreed = heedSaved(planned.value, manifest, options);
  if (!agreed.ok) return agreed;
  const { plan, input, observation, guard, skipped } = agreed.value;
  if (guard !== undefined) return err(guard);
  if (!(await options.confirm({ ...agreed.value, adoption }))) {
    return err({ code: 'NOT_CONFIRMED', message: 'nothing was changed' });
  }
  const tally = new Tally(manifest.outputs.map(({ name }) => name));
  for (const row of unreadableSources(plan.changes)) tally.unreadable(row);
  const context = { ledger, run, disk: options.disk, clock: options.clock };
  await forgetFailures(input, ledger);
  const carried = await carryOut(plan.changes, {
    ...options,
    context,
    tally,
    roots: rootsOf(manifest),
    seen: pinned(input.disk, pathsOf(plan.changes)),
    manifest,
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
  return ok({
    summary,
    unresolved: conflict + drift + error + skip + observation.problems + skipped,
  });
}

/** Plans; what it can adopt, where that is asked for, is adopted, and then it plans again. */
async function planUnderLock(
  manifest: Manifest,
  options: ApplyOptions,
  { ledger, run }: OpenRun,
): Promise<Result<Offered, Failure>> {
  const { drain: signal, clock, drain, emit } = options;
  const planned = await planAgainst(manifest, ledger.view, { ...options, signal });
  if (!planned.ok || options.adoptUnmanaged !== true || planned.value.guard !== undefined)
    return planned;
  const write = (entry: Entry): Promise<void> => ledger.updated(entry);
  const adoption = await adoptPlanned(planned.value, {
    run,
    clock,
    drain,
    emit,
    write,
    replace: false,
  });
  if (adoption.adopted === 0) return ok({ ...planned.value, adoption });
  // What the first plan told need not be told twice.
  const told = new Set<RunEvent['type']>(['notice', 'scan-problem']);
  const tell = (event: RunEvent): void => (told.has(event.type) ? undefined : emit(event));
  const again = await planAgainst(manifest, ledger.view, { ...options, signal, emit: tell });
  return again.ok ? ok({ ...again.value, adoption }) : again;
}

/** Every output path that the changes are about, old ones too. */
function* pathsOf(changes: readonly Change[]): Generator<AbsolutePath> {
  for (const { output, entry } of changes) {
    yield output;
    if (entry !== undefined) yield entry.path;
  }
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
