import { dirname } from 'node:path';
import type { CommitVerdict } from '../cluster/contract.js';
import { ADOPTED_RECIPE, UNKNOWN_ENCODER } from '../ledger/adopted.js';
import type { Entry, StagedRecord } from '../ledger/entry.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Clock } from '../lib/clock.js';
import type { Disk } from '../lib/disk.js';
import { errorMessage } from '../lib/failure.js';
import type { DiskFact } from '../plan/disk-fact.js';
import { sameFact } from '../plan/disk-fact.js';
import { writeFailureCode } from '../task/problem.js';
import type { Failed, FailureClass, Made, Task, TaskFailureCode } from '../task/task.js';
import { lookAt } from './survey.js';
import { sourceStat } from './source-stat.js';

/** What a commit needs to know of the run around it. */
export interface CommitContext {
  readonly ledger: Ledger;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly run: string;
}

export interface CommitRequest {
  readonly task: Task;
  readonly made: Made;
  readonly worker: string;
  /** Name of the output set. */
  readonly set: string;
  /** What the plan saw at the output's path; anything else there now is not overwritten. */
  readonly expected: DiskFact;
}

/**
 * DESIGN section 8, the master's half: checks that neither the source nor the target has changed
 * since the plan, then journal, the same check once more, rename, sync of the folder, journal. The
 * old output stays in place until the rename. Whatever goes wrong is a verdict; the part file is then
 * the worker's to remove, and the lease stays open until the task is over.
 */
export async function commitOutput(
  request: CommitRequest,
  context: CommitContext,
): Promise<CommitVerdict> {
  const { task, made } = request;
  const refusal = refuse(request);
  if (refusal !== undefined) return { verdict: 'stale', failed: refusal };
  const before = request.expected.kind === 'file' ? request.expected.stat : undefined;
  const staged = { entry: entryOf(request, context), part: task.part };
  const trouble = await putInPlace(
    before === undefined ? staged : { ...staged, before },
    context,
    () => refuse(request),
  );
  if (trouble === undefined) return { verdict: 'committed' };
  const failed = 'objection' in trouble ? trouble.objection : writeFailure(trouble.error, made);
  return { verdict: 'stale', failed };
}

/** Why a part did not come into place: the caller objected to it, or the disk threw. */
type NotPlaced<Objection> = { readonly objection: Objection } | { readonly error: unknown };

/**
 * Renames a whole part file to its output: journal, rename, sync of the folder, journal. The caller
 * looks once more right before the rename, since the journal took its time. Whatever is returned tells
 * that the part is still there.
 */
export async function putInPlace<Objection>(
  { entry, part, before }: StagedRecord,
  { ledger, disk }: Pick<CommitContext, 'ledger' | 'disk'>,
  lastLook: () => Objection | undefined,
): Promise<NotPlaced<Objection> | undefined> {
  await ledger.staged(entry, part, before);
  const objection = lastLook();
  if (objection !== undefined) {
    await ledger.released(entry.path);
    return { objection };
  }
  try {
    await disk.rename(part, entry.path);
  } catch (error) {
    return { error };
  }
  await disk.syncDirectory(dirname(entry.path));
  const now = await disk.lstat(entry.path);
  await ledger.done(entry.path, now?.stat ?? entry.output.stat);
  return undefined;
}

function refuse({ task, made, expected }: CommitRequest): Failed | undefined {
  const source = sourceStat(task.source.path);
  if (source !== task.source.stat || made.source.stat !== task.source.stat) {
    return failure(made, 'changed', {
      code: 'SOURCE_CHANGED',
      text: `${task.source.path} changed while it was being converted; the next run takes it`,
    });
  }
  const now = lookAt(task.output);
  if (sameFact(now, expected)) return undefined;
  return failure(made, 'changed', {
    code: 'OUTPUT_CHANGED',
    text: `${task.output} changed since the plan was made; left as it is`,
  });
}

/** The row of an output that was made. */
export function entryOf(
  { task, made, worker, set }: Omit<CommitRequest, 'expected'>,
  { run, clock }: Pick<CommitContext, 'run' | 'clock'>,
): Entry {
  const { racy, ...source } = made.source;
  return {
    path: task.output,
    set,
    source: { path: task.source.path, ...source, ...(racy ? { racy } : {}) },
    // Other tags do not tell how adopted audio was made.
    recipe: made.encoder === UNKNOWN_ENCODER ? ADOPTED_RECIPE : task.recipe,
    encoder: made.encoder,
    output: { stat: made.part.stat, sha256: made.part.sha256, samples: made.samples },
    made: { at: new Date(clock.now()).toISOString(), run, worker, ms: Math.round(made.ms) },
  };
}

function writeFailure(error: unknown, made: Made): Failed {
  const code = writeFailureCode(error);
  return failure(made, 'environment', { code, text: errorMessage(error) });
}

function failure(
  made: Made,
  failureClass: FailureClass,
  what: { readonly code: TaskFailureCode; readonly text: string },
): Failed {
  return { status: 'failed', class: failureClass, ...what, stderrTail: '', ms: made.ms };
}
