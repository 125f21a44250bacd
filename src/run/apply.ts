import { randomBytes } from 'node:crypto';
import type { Ledger } from '../ledger/ledger.js';
import { openLedger } from '../ledger/open.js';
import { systemProcesses } from '../ledger/process-identity.js';
import type { Clock } from '../lib/clock.js';
import type { Failure } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { Manifest } from '../manifest/manifest.js';
import type { Change } from '../plan/action.js';
import type { PlanFile } from '../plan/plan-file.gen.js';
import { staleness } from '../plan/plan-file.js';
import type { Summary } from '../report/event.js';
import { folderOf } from './manifest-folder.js';
import { keepBooks } from './bookkeeping.js';
import type { CommitContext } from './commit.js';
import type { HandOut } from './encode-stage.js';
import { encodeOutputs } from './encode-stage.js';
import { moveOutput } from './move-output.js';
import type { Planned, PlanOptions } from './plan.js';
import { planAgainst } from './plan.js';
import { pruneOutputs } from './prune.js';
import { Tally } from './tally.js';
import { waitForYoung } from './young-sources.js';

export interface ApplyOptions extends Omit<PlanOptions, 'signal'> {
  readonly clock: Clock;
  /** Who runs this, for the lock and the ledger: the command line. */
  readonly command: string;
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
  /** Rows that asked for something that apply does not do: conflicts, drift, unreadable sources. */
  readonly unresolved: number;
}

/** Makes the disk what the manifest wants: lock, recover, plan, confirm, carry out, write down. */
export async function applyManifest(
  manifest: Manifest,
  options: ApplyOptions,
): Promise<Result<ApplyReport, Failure>> {
  const run = randomBytes(6).toString('hex');
  const opened = await openLedger({
    directory: manifest.stateDirectory,
    base: folderOf(manifest),
    disk: options.disk,
    clock: options.clock,
    processes: systemProcesses(),
    run: { id: run, command: options.command },
    onNotice: (notice) => options.emit({ type: 'notice', ...notice }),
  });
  if (!opened.ok) return opened;
  const ledger = opened.value;
  try {
    return await applyUnderLock(manifest, options, { ledger, run });
  } finally {
    await ledger.close();
  }
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
  const { plan, observation } = planned.value;
  if (!(await options.confirm(planned.value))) {
    return err({ code: 'NOT_CONFIRMED', message: 'nothing was changed' });
  }
  const tally = new Tally();
  const context = { ledger, run, disk: options.disk, clock: options.clock };
  const carried = await carryOut(plan.changes, { context, tally, options, manifest });
  tally.interrupted = options.drain.aborted;
  const summary = tally.summary({
    run,
    tasks: carried.ok ? carried.value : tally.completed + tally.failures,
    ms: options.clock.monotonic() - started,
    sources: observation.sources,
  });
  options.emit(summary);
  if (!carried.ok) return carried;
  const { counts } = plan;
  return ok({
    summary,
    unresolved: counts.conflict + counts.drift + counts.error + observation.problems,
  });
}

function staleFailure({ plan }: Planned, saved: PlanFile | undefined): Failure | undefined {
  if (saved === undefined) return undefined;
  const moved = staleness(saved, plan);
  if (moved.length === 0) return undefined;
  const shown = moved.slice(0, 20).map((line) => `\n  ${line}`);
  const more = moved.length > shown.length ? `\n  and ${moved.length - shown.length} more` : '';
  return {
    code: 'PLAN_STALE',
    message: `the saved plan is stale:${shown.join('')}${more}`,
    hint: 'make a new one with `flac2all plan --out FILE`',
  };
}

interface Stages {
  readonly context: CommitContext;
  readonly tally: Tally;
  readonly options: ApplyOptions;
  readonly manifest: Manifest;
}

/** The stages in their order; deletes come last, and only when all else succeeded. Returns the number of tasks. */
async function carryOut(
  changes: readonly Change[],
  stages: Stages,
): Promise<Result<number, Failure>> {
  const { context, tally, options } = stages;
  const { emit, handOut } = options;
  await keepBooks(changes, context);
  const left = await moveOutputs(changes, stages);
  await waitForYoung(left, { minAgeMs: stages.manifest.policy.minAgeMs, ...options });
  const encoded = await encodeOutputs(left, { context, tally, emit, handOut });
  const deletes = changes.filter(({ action }) => action === 'delete');
  if (!encoded.ok || deletes.length === 0) return encoded;
  if (tally.failures > 0 || options.drain.aborted) {
    const text = `${deletes.length} outputs to delete are kept: deletes come after everything else succeeded`;
    emit({ type: 'notice', level: 'info', code: 'DELETES_POSTPONED', text });
    return encoded;
  }
  tally.deleted = (await pruneOutputs(deletes, context, emit)).deleted;
  return encoded;
}

/** Renames first. A move that cannot be made by a rename is made by an encode, as is a changed tag. */
async function moveOutputs(
  changes: readonly Change[],
  { context, options }: Stages,
): Promise<Change[]> {
  const left: Change[] = [];
  for (const change of changes) {
    if (change.action !== 'move') {
      left.push(change);
      continue;
    }
    const moved = await moveOutput(change, context);
    if (!moved.ok) {
      const text = `${change.output} could not be moved into place and is made again: ${moved.error}`;
      options.emit({ type: 'notice', level: 'warning', code: 'MOVE_FAILED', text });
      left.push({ ...change, action: 'create' });
      continue;
    }
    const { output, set, reasons } = change;
    options.emit({ type: 'file-moved', from: change.entry?.path ?? '', output, set, reasons });
    if (reasons.some(({ code }) => code === 'tags-changed'))
      left.push({ ...change, action: 'retag' });
  }
  return left;
}
