import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import type { LedgerView } from '../ledger/entry.js';
import { foreignLedger } from '../ledger/failure.js';
import { readLedger } from '../ledger/read.js';
import type { AbsolutePath } from '../lib/brand.js';
import type { Disk } from '../lib/disk.js';
import type { Failure } from '../lib/failure.js';
import { LookThreads } from '../lib/looking.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { Manifest } from '../manifest/manifest.js';
import { folderOf } from './manifest-folder.js';
import { paceOf } from '../plan/codec-pace.js';
import { estimatePlan } from '../plan/estimate.js';
import type { GuardFailure } from '../plan/failure.js';
import { guardDeletes, guardEmptySource, guardUnmounted } from '../plan/guards.js';
import type { Plan, PlanInput } from '../plan/make-plan.js';
import { makePlan } from '../plan/make-plan.js';
import type { PlanCost, RunEvent } from '../report/event.js';
import { hasWork } from '../report/plan-summary.js';
import { observe, scanAll } from './observe.js';
import { shardsPending } from './shard-claim.js';
import { targetSelector, unmatchedTargets } from './target.js';
import { findUnmounted } from './unmounted.js';
import type { Observation, ObserveOptions, Seen } from './observe.js';

export interface PlanOptions {
  readonly disk: Disk;
  readonly emit: (event: RunEvent) => void;
  readonly signal?: AbortSignal;
  /** Patterns over absolute paths and paths relative to their roots; none: everything. */
  readonly targets?: readonly string[];
  readonly retryFailed?: boolean;
  readonly overwriteUnmanaged?: boolean;
  /** Outputs that are up to date are made again. */
  readonly force?: boolean;
}

/** A plan with all that it was made from. */
export interface Planned {
  readonly plan: Plan;
  readonly input: PlanInput;
  readonly observation: Observation;
  /** Set when the plan looks like an accident and must not be carried out. */
  readonly guard: GuardFailure | undefined;
}

/** Works out what `apply` would do. Takes no lock, writes nothing. */
export async function planManifest(
  manifest: Manifest,
  options: PlanOptions,
): Promise<Result<Planned, Failure>> {
  await using threads = new LookThreads();
  const looking = { ...options, lookAtAll: threads.lookAtAll };
  const [ledger, scans] = await Promise.all([
    readLedger(manifest.stateDirectory, folderOf(manifest), options.disk),
    scanAll(manifest, looking),
  ]);
  if (!ledger.ok) return ledger;
  const { file, stateDirectory: directory } = manifest;
  const foreign = foreignLedger(ledger.value, { directory, owner: basename(file) });
  if (foreign !== undefined) return err(foreign);
  if (!scans.ok) return scans;
  const pending = await shardsPending(directory, options.disk);
  if (pending !== undefined) {
    const text = `${pending.message}: \`apply\` waits for that`;
    options.emit({ type: 'notice', level: 'warning', code: 'SHARDS_PENDING', text });
  }
  return ok(await planSeen({ manifest, ledger: ledger.value, scans: scans.value }, looking));
}

/** The same against a ledger that is in memory already. */
export async function planAgainst(
  manifest: Manifest,
  ledger: LedgerView,
  options: PlanOptions,
): Promise<Result<Planned, Failure>> {
  await using threads = new LookThreads();
  const looking = { ...options, lookAtAll: threads.lookAtAll };
  const scans = await scanAll(manifest, looking);
  if (!scans.ok) return scans;
  return ok(await planSeen({ manifest, ledger, scans: scans.value }, looking));
}

async function planSeen(seen: Seen, options: PlanOptions & ObserveOptions): Promise<Planned> {
  const { manifest, ledger } = seen;
  const observation = await observe(seen, options);
  const input: PlanInput = {
    manifest,
    ledger,
    ...observation,
    ...targetsOf(manifest, options.targets ?? []),
    retryFailed: options.retryFailed === true,
    overwriteUnmanaged: options.overwriteUnmanaged === true,
    force: options.force === true,
    ...(await encodersOf(manifest)),
  };
  const plan = makePlan(input);
  options.emit({
    type: 'plan-ready',
    counts: plan.counts,
    sources: observation.sources,
    ...(hasWork(plan.counts) ? { estimate: estimateOf(plan, manifest, ledger) } : {}),
  });
  const guard =
    guardEmptySource({ manifest, ...observation, entries: ledger.entries.values() }) ??
    guardUnmounted(findUnmounted(manifest, ledger)) ??
    guardDeletes(plan, manifest);
  if (guard === undefined) tellEmpty(manifest, observation, options);
  tellEncoders(manifest, options);
  tellUnmatched(input, options);
  return { plan, input, observation, guard };
}

function estimateOf(
  { changes }: Plan,
  { cluster: { workers } }: Manifest,
  { entries }: LedgerView,
): PlanCost {
  const slots = workers === 'auto' ? availableParallelism() : workers;
  return { ...estimatePlan(changes, paceOf(entries)), workers: Math.max(1, slots) };
}

/** Nothing was ever made of it, so it is no accident; but a wrong path looks the same. */
function tellEmpty(manifest: Manifest, { emptySets }: Observation, { emit }: PlanOptions): void {
  for (const { name, root } of manifest.sources) {
    if (!emptySets.includes(name)) continue;
    const text = `there is no FLAC file in ${root}`;
    emit({ type: 'notice', level: 'warning', code: 'SOURCE_EMPTY', text });
  }
}

/** A target that selects nothing looks as if there were nothing to do for it. */
function tellUnmatched(input: PlanInput, { targets = [], emit }: PlanOptions): void {
  for (const target of unmatchedTargets(input.manifest, targets, knownPaths(input))) {
    const text = `no source or output matches --target ${target}`;
    emit({ type: 'notice', level: 'warning', code: 'TARGET_UNMATCHED', text });
  }
}

function* knownPaths({ desired, ledger }: PlanInput): Generator<AbsolutePath> {
  for (const { output, source } of desired) {
    yield output;
    yield source.path;
  }
  for (const { path, source } of ledger.entries.values()) {
    yield path;
    yield source.path;
  }
}

/** `encoder: auto` is decided here, so here it is said. */
function tellEncoders(manifest: Manifest, { emit }: PlanOptions): void {
  for (const { name, profile } of manifest.outputs) {
    const { chosenEncoder: chosen } = profile;
    if (chosen === undefined) continue;
    const text = `output ${name}: encoder auto is ${chosen} on this machine`;
    emit({ type: 'notice', level: 'info', code: 'ENCODER_CHOSEN', text });
  }
}

/** Programs are only run, and what runs them only loaded, where the policy asks what they are. */
async function encodersOf(manifest: Manifest): Promise<Pick<PlanInput, 'encoders'>> {
  if (!manifest.policy.rebuildOnEncoderChange) return {};
  const { encoderIdentities } = await import('../task/encoder-identity.js');
  return { encoders: await encoderIdentities(manifest) };
}

function targetsOf(manifest: Manifest, targets: readonly string[]): Pick<PlanInput, 'targeted'> {
  if (targets.length === 0) return {};
  const hit = targetSelector(manifest, targets);
  return { targeted: (output, source) => hit(output) || hit(source) };
}
