import { randomBytes } from 'node:crypto';
import { isAdopted, isToBeReplaced, REPLACED_RECIPE } from '../ledger/adopted.js';
import type { Entry, LedgerView } from '../ledger/entry.js';
import { concurrently } from '../lib/concurrently.js';
import type { Failure } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { ok } from '../lib/result.js';
import type { StatKey } from '../lib/stat-key.js';
import type { Manifest } from '../manifest/manifest.js';
import type { Change, Desired } from '../plan/action.js';
import type { AbsolutePath } from '../lib/brand.js';
import { adoptOutput } from './adopt-output.js';
import { withLedger } from './open-ledger.js';
import type { LedgerOptions } from './open-ledger.js';
import type { Planned, PlanOptions } from './plan.js';
import { planAgainst, planManifest } from './plan.js';

export interface AdoptOptions extends LedgerOptions, Omit<PlanOptions, 'signal'> {
  /** Looks only: takes no lock, writes nothing. */
  readonly dryRun: boolean;
  /** What is adopted, and what was, is made again by the next apply. */
  readonly replace: boolean;
  /** Aborted: adopt no more; what is adopted stays so. */
  readonly drain: AbortSignal;
}

/** A file that stays unmanaged, and why. */
export interface Unadopted {
  readonly output: AbsolutePath;
  readonly set: string;
  readonly text: string;
}

export interface AdoptReport {
  readonly adopted: number;
  /** Adopted before, and from now on to be made again. */
  readonly replaced: number;
  readonly refused: readonly Unadopted[];
}

/** Takes outputs that stand at wanted paths and that no row knows into the ledger. */
export async function adoptOutputs(
  manifest: Manifest,
  options: AdoptOptions,
): Promise<Result<AdoptReport, Failure>> {
  const run = randomBytes(6).toString('hex');
  const planOptions = { ...options, signal: options.drain };
  if (options.dryRun) {
    const planned = await planManifest(manifest, planOptions);
    if (!planned.ok) return planned;
    return ok(await adoptPlanned(planned.value, { ...options, run, write: async () => undefined }));
  }
  return withLedger(manifest, { ...options, run }, async (ledger) => {
    const planned = await planAgainst(manifest, ledger.view, planOptions);
    if (!planned.ok) return planned;
    const write = (entry: Entry): Promise<void> => ledger.updated(entry);
    return ok(await adoptPlanned(planned.value, { ...options, run, write }));
  });
}

/** How rows come to be. */
export interface Adoption extends Pick<AdoptOptions, 'clock' | 'replace' | 'drain' | 'emit'> {
  readonly run: string;
  /** Resolves when the row is durable. */
  readonly write: (entry: Entry) => Promise<void>;
}

/** Files that are read, and rows that are written, at once: those share a sync. */
const AT_ONCE = 16;
const TOLD_EVERY = 50;

/** Adopts what the plan found in the way. */
export async function adoptPlanned(
  { plan, input }: Planned,
  adoption: Adoption,
): Promise<AdoptReport> {
  const { run, clock, replace, write, drain, emit } = adoption;
  const candidates = plan.changes.flatMap(candidateOf);
  const recipe = replace ? { recipe: REPLACED_RECIPE } : {};
  const sources = new Set(candidates.length === 0 ? [] : input.desired.map(statOfSource));
  const isSource = (stat: StatKey): boolean => sources.has(stat);
  const refused: Unadopted[] = [];
  let adopted = 0;
  let done = 0;
  await eachOf(candidates, drain, async (desired) => {
    const row = await adoptOutput(desired, { run, clock, isSource, ...recipe });
    if (row.ok) {
      await write(row.value);
      adopted += 1;
    } else {
      refused.push({ output: desired.output, set: desired.set.name, text: row.error });
    }
    done += 1;
    if (done % TOLD_EVERY === 0 || done === candidates.length)
      emit({ type: 'scan-progress', stage: 'outputs', done, total: candidates.length });
  });
  const wanted = new Set(input.desired.map(({ output }) => output));
  const rows = replace ? adoptedRows(input.ledger, (path) => wanted.has(path)) : [];
  const asked = rows.filter(({ path, source }) => input.targeted?.(path, source.path) ?? true);
  await eachOf(asked, drain, (entry) => write({ ...entry, recipe: REPLACED_RECIPE }));
  refused.sort((a, b) => (a.output < b.output ? -1 : 1));
  return { adopted, replaced: asked.length, refused };
}

/** A conflict with a file that nobody knows, and with nothing else. */
function candidateOf({ action, desired, reasons }: Change): readonly Desired[] {
  const unmanaged = action === 'conflict' && reasons[0]?.code === 'not-managed';
  return unmanaged && desired !== undefined ? [desired] : [];
}

function statOfSource({ source }: Desired): StatKey {
  return source.stat;
}

function adoptedRows(
  { entries }: LedgerView,
  isWanted: (path: AbsolutePath) => boolean,
): readonly Entry[] {
  const rows: Entry[] = [];
  for (const entry of entries.values()) {
    if (isAdopted(entry) && !isToBeReplaced(entry) && isWanted(entry.path)) rows.push(entry);
  }
  return rows;
}

/** Some at a time, until all are done or the signal is aborted. */
function eachOf<T>(
  values: readonly T[],
  signal: AbortSignal,
  work: (value: T) => Promise<void>,
): Promise<void> {
  return concurrently(values, AT_ONCE, async (value) => {
    if (!signal.aborted) await work(value);
  });
}
