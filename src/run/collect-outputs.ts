import { dirname } from 'node:path';
import type { FailureRecord, StagedRecord } from '../ledger/entry.js';
import type { LedgerState } from '../ledger/state.js';
import type { AbsolutePath } from '../lib/brand.js';
import { errorMessage } from '../lib/failure.js';
import { sharedJson } from '../lib/json.js';
import { unreachable } from '../lib/unreachable.js';
import type { DiskFact } from '../plan/disk-fact.js';
import { MISSING, sameFact } from '../plan/disk-fact.js';
import { putInPlace } from './commit.js';
import type { CommitContext } from './commit.js';
import { removeParts } from './shard-work.js';
import { sourceStat } from './source-stat.js';
import { lookAt } from './survey.js';

/** An output that was made and did not come into place. */
export interface LeftOutput {
  readonly output: AbsolutePath;
  /** Why, in a sentence part. */
  readonly text: string;
}

/** What a shard came to; each of its tasks is counted once. */
export interface CollectedShard {
  /** Put into place now. */
  readonly done: number;
  /** In place before: by a `collect` that was interrupted, or made by another run. */
  readonly already: number;
  readonly failed: number;
  /** Never made; they stay pending. */
  readonly missing: number;
  /** Source or output changed since the plan: given up, the next plan decides. */
  readonly left: readonly LeftOutput[];
  /** Could not be put into place for now; another `collect` tries again. */
  readonly kept: readonly LeftOutput[];
}

export interface ShardResult {
  /** Outputs that the shard was to make. */
  readonly tasks: ReadonlySet<string>;
  /** What its journals say. */
  readonly state: LedgerState;
  /** Files that no row knows may be replaced. */
  readonly overwrite: boolean;
}

type Context = Pick<CommitContext, 'ledger' | 'disk'>;

/** Commits what is whole, writes down failures and new folders, removes the part files of the rest. */
export async function collectOutputs(
  shard: ShardResult,
  context: Context,
): Promise<CollectedShard> {
  const { state, tasks } = shard;
  const { ledger } = context;
  const counts = { done: 0, already: 0, gone: 0 };
  const left: LeftOutput[] = [];
  const kept: LeftOutput[] = [];
  if (state.directories.size > 0) await ledger.madeDirectories([...state.directories]);
  for (const staged of state.staged.values()) {
    const output = staged.entry.path;
    const verdict = await place(staged, shard.overwrite, context);
    if (verdict.kind === 'left') left.push({ output, text: verdict.text });
    else if (verdict.kind === 'kept') kept.push({ output, text: verdict.text });
    else counts[verdict.kind] += 1;
    if (verdict.kind !== 'kept') await removeParts([staged.part]);
  }
  const keptOutputs = new Set(kept.map(({ output }) => output));
  for (const [output, parts] of state.leases) {
    if (!keptOutputs.has(output)) await removeParts(parts);
  }
  const failed = await recordFailures(state, context);
  const ended = state.staged.size - counts.gone + failed;
  const { done, already } = counts;
  return { done, already, failed, left, kept, missing: Math.max(0, tasks.size - ended) };
}

/** Removes all part files of a shard; all of its tasks stay pending. */
export async function discardOutputs({
  state,
  tasks,
}: Pick<ShardResult, 'state' | 'tasks'>): Promise<CollectedShard> {
  for (const parts of state.leases.values()) await removeParts(parts);
  return { done: 0, already: 0, failed: 0, missing: tasks.size, left: [], kept: [] };
}

/** `gone`: its part file was removed, so that it has to be made again. */
type Verdict =
  | { readonly kind: 'done' | 'already' | 'gone' }
  | { readonly kind: 'left' | 'kept'; readonly text: string };

async function place(staged: StagedRecord, overwrite: boolean, context: Context): Promise<Verdict> {
  const { entry, part } = staged;
  const row = context.ledger.view.entries.get(entry.path);
  const there = lookAt(part);
  switch (there.kind) {
    case 'missing':
      if (row?.output.sha256 === entry.output.sha256) return { kind: 'already' };
      if (lookAt(dirname(part) as AbsolutePath).kind !== 'missing') return { kind: 'gone' };
      return { kind: 'kept', text: 'its folder is missing; is the disk mounted?' };
    case 'other':
      return { kind: 'kept', text: `its part file is ${there.text}` };
    case 'file':
      break;
    default:
      unreachable(there);
  }
  const objection = objectionTo(staged, overwrite, context);
  if (objection !== undefined) return objection;
  try {
    const whole =
      there.stat === entry.output.stat || (await context.disk.sha256(part)) === entry.output.sha256;
    if (!whole) return { kind: 'left', text: 'its part file was changed' };
    const lastLook = (): Verdict | undefined => objectionTo(staged, overwrite, context);
    const trouble = await putInPlace(staged, context, lastLook);
    if (trouble === undefined) return { kind: 'done' };
    if ('objection' in trouble) return trouble.objection;
    return { kind: 'kept', text: errorMessage(trouble.error) };
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    return { kind: 'kept', text: errorMessage(error) };
  }
}

/** The checks of a commit: source and target have to be what the plan saw, and the target ours. */
function objectionTo(
  { entry, before }: StagedRecord,
  overwrite: boolean,
  { ledger }: Context,
): Verdict | undefined {
  const row = ledger.view.entries.get(entry.path);
  if (sourceStat(entry.source.path) !== entry.source.stat) {
    return { kind: 'left', text: 'its source changed since it was made' };
  }
  const expected: DiskFact = before === undefined ? MISSING : { kind: 'file', stat: before };
  if (!sameFact(lookAt(entry.path), expected)) {
    const same =
      row?.source.stat === entry.source.stat && sharedJson(row.recipe) === sharedJson(entry.recipe);
    if (same) return { kind: 'already' };
    return { kind: 'left', text: 'something else stands there since the plan was made' };
  }
  if (before === undefined || row !== undefined || overwrite) return undefined;
  return { kind: 'left', text: 'the file there is no longer managed' };
}

/** Of sources that are still the same; returns how many tasks failed. */
async function recordFailures(state: LedgerState, { ledger }: Context): Promise<number> {
  const records = [...state.failures.values()].filter(({ path }) => !state.staged.has(path));
  const fresh = records.filter(isCurrent);
  await Promise.all(fresh.map((record) => ledger.failed(record)));
  return records.length;
}

function isCurrent({ source }: FailureRecord): boolean {
  return sourceStat(source.path) === source.stat;
}
