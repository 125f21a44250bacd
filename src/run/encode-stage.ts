import type { FleetRules } from '../cluster/admission.js';
import type { RunRoot } from '../cluster/contract.js';
import type { MasterReport } from '../cluster/master-event.js';
import type { Continuity } from '../cluster/master-run.js';
import type { MasterOptions } from '../cluster/master.js';
import type { AbsolutePath } from '../lib/brand.js';
import { errorCode } from '../lib/failure.js';
import type { Failure } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { ok } from '../lib/result.js';
import { statSize } from '../lib/stat-key.js';
import type { Action, Change } from '../plan/action.js';
import type { DiskFact } from '../plan/disk-fact.js';
import { audioSeconds } from '../plan/audio-length.js';
import type { RunEvent } from '../report/event.js';
import { partPath } from '../task/part-name.js';
import type { Failed, Task } from '../task/task.js';
import { clusterEvent } from './cluster-event.js';
import type { ClusterEvent, TaskNames } from './cluster-event.js';
import { commitOutput } from './commit.js';
import type { CommitContext } from './commit.js';
import { failureRecord } from './failure-record.js';
import { prepareFolders } from './folders.js';
import { storageQuestions } from './storage-questions.js';
import type { Tally } from './tally.js';
import { taskOf } from './task-of.js';

/** Hands tasks to workers: the cluster's master with the agents of this machine, or a test's fake. */
export type HandOut = (
  work: Pick<MasterOptions, 'tasks' | 'epoch' | 'lease' | 'commit' | 'onFailed' | 'continuity'> & {
    readonly onEvent: (event: ClusterEvent) => void;
    /** For agents that come from elsewhere. */
    readonly fleet: Pick<FleetRules, 'roots' | 'askStorage'>;
  },
) => Promise<Result<Pick<MasterReport, 'remaining' | 'vanished'>, Failure>>;

export interface EncodeStage {
  readonly context: CommitContext;
  readonly tally: Tally;
  readonly emit: (event: RunEvent) => void;
  readonly handOut: HandOut;
  /** The folders of the manifest. */
  readonly roots: readonly RunRoot[];
  /** What may stand at an output's path when it is made; anything else is left as it is. */
  readonly expected: (output: AbsolutePath) => DiskFact;
  /** Aborted when agents are told to leave. */
  readonly drain: AbortSignal;
}

interface Job {
  readonly change: Change;
  readonly task: Task;
  /** What may stand at the output's path. */
  readonly expected: DiskFact;
  readonly audioSeconds: number;
}

/** Makes the outputs of all changes that need a worker. Resolves with how many that were. */
export async function encodeOutputs(
  changes: readonly Change[],
  stage: EncodeStage,
): Promise<Result<number, Failure>> {
  const jobs = new Map(changes.filter(needsWorker).map((change) => toJob(change, stage)));
  if (jobs.size === 0) return ok(0);
  const { context, emit } = stage;
  emit({
    type: 'apply-started',
    run: context.run,
    tasks: jobs.size,
    audioSeconds: [...jobs.values()].reduce((sum, job) => sum + job.audioSeconds, 0),
  });
  const shop = new Workshop(jobs, stage);
  const ready = await shop.refuseUnwritable();
  if (ready.length === 0) return ok(jobs.size);
  const handed = await stage.handOut({
    tasks: ready,
    epoch: context.ledger.view.epoch,
    fleet: fleetOf(ready, stage),
    lease: (task, attempt) => shop.lease(task, attempt),
    commit: (task, made, worker) => shop.commit({ task, made, worker }),
    onFailed: (task, failed, worker) => shop.fail(task, failed, worker),
    onEvent: (event) => shop.tell(event),
    continuity: shop.continuity(),
  });
  if (!handed.ok) return handed;
  for (const { task, attempt } of handed.value.vanished) shop.keepLease(task, attempt);
  return ok(jobs.size);
}

function fleetOf(
  tasks: readonly Task[],
  { context, roots }: EncodeStage,
): Pick<FleetRules, 'roots' | 'askStorage'> {
  const { ledger, disk } = context;
  return { roots, askStorage: storageQuestions({ roots, tasks, ledger, disk }) };
}

const MADE_BY_WORKERS = new Set<Change['action']>(['create', 'update', 'repair', 'retag', 'move']);

/** Whether a worker has to make the change's output; of moves only those are left that no rename could make. */
export function needsWorker({ action }: Change): boolean {
  return MADE_BY_WORKERS.has(action);
}

function toJob(change: Change, stage: EncodeStage): [Task['id'], Job] {
  const { desired } = change;
  if (desired === undefined) throw new Error('only what is wanted is made');
  const task = taskOf(change, desired);
  const job = {
    change,
    task,
    expected: stage.expected(change.output),
    audioSeconds: audioSeconds(desired.source),
  };
  return [task.id, job];
}

/** The master's hooks: each step of a task goes to the ledger first and to the reporter then. */
class Workshop {
  readonly #jobs: ReadonlyMap<Task['id'], Job>;
  readonly #stage: EncodeStage;
  /** Part files that may exist, of every attempt: a lost worker removes none. */
  readonly #parts = new Map<AbsolutePath, AbsolutePath[]>();

  constructor(jobs: ReadonlyMap<Task['id'], Job>, stage: EncodeStage) {
    this.#jobs = jobs;
    this.#stage = stage;
    const { leases } = stage.context.ledger;
    for (const { task } of jobs.values()) {
      const parts = leases.get(task.output);
      if (parts !== undefined) this.#parts.set(task.output, [...parts]);
    }
  }

  /** Attempts of an interrupted run, told by the part files that it left to its agents. */
  continuity(): Continuity {
    const { ledger } = this.#stage.context;
    const awaited = [...this.#jobs.values()].filter(({ task }) => this.#parts.has(task.output));
    return {
      secret: ledger.view.lineage ?? '',
      awaited: new Set(awaited.map(({ task }) => task.id)),
      resume: (task, attempt) => {
        const part = this.#partOf(task, attempt);
        return ledger.leases.get(task.output)?.has(part) === true ? { ...task, part } : undefined;
      },
    };
  }

  /** Makes the outputs' folders; tasks whose folder cannot be written fail here. */
  async refuseUnwritable(): Promise<readonly Task[]> {
    const { context } = this.#stage;
    const folders = await prepareFolders(
      [...this.#jobs.values()].map(({ task }) => task.output),
      context,
    );
    const ready: Task[] = [];
    for (const { task } of this.#jobs.values()) {
      const failed = folders.get(task.output);
      if (failed === undefined) ready.push(task);
      else await this.fail(task, failed, '');
    }
    return ready;
  }

  async lease(task: Task, attempt: string): Promise<Task> {
    const { ledger } = this.#stage.context;
    const part = this.#partOf(task, attempt);
    this.#parts.set(task.output, [...(this.#parts.get(task.output) ?? []), part]);
    await ledger.leased(task.output, part);
    return { ...task, part };
  }

  /** Nobody knows what became of the agent: it may yet make the part, when the run is long over. */
  keepLease(task: Task, attempt: string): void {
    this.#stage.context.ledger.keepLease(task.output, this.#partOf(task, attempt));
  }

  async commit(done: Pick<Parameters<typeof commitOutput>[0], 'task' | 'made' | 'worker'>) {
    const { change, expected, audioSeconds: seconds } = this.#job(done.task);
    const { context, tally, emit } = this.#stage;
    const verdict = await commitOutput({ ...done, set: change.set, expected }, context);
    if (verdict.verdict === 'stale') return verdict;
    const { made, worker } = done;
    const event = {
      type: 'task-done',
      ...this.#names(done.task),
      worker,
      ms: made.ms,
      audioSeconds: made.sampleRate > 0 ? made.samples / made.sampleRate : seconds,
      sizeBytes: statSize(made.part.stat),
      sha256: made.part.sha256,
      warnings: made.warnings,
    } as const;
    this.#parts.delete(done.task.output);
    tally.done(event);
    emit(event);
    return verdict;
  }

  async fail(task: Task, failed: Failed, worker: string): Promise<void> {
    const { context, tally, emit } = this.#stage;
    const { change } = this.#job(task);
    if (failed.class === 'cancelled') return this.#release(task.output);
    const record = failureRecord({ change, failed, recipe: task.recipe }, context);
    if (record !== undefined) await context.ledger.failed(record);
    await this.#release(task.output);
    const { code, text, stderrTail, ms } = failed;
    const event = {
      type: 'task-failed',
      ...this.#names(task),
      worker,
      ms,
      code,
      text,
      stderrTail,
    } as const;
    tally.failed(event);
    emit(event);
    return undefined;
  }

  /** A part that cannot be removed stays leased: the ledger tries again when it is closed or opened. */
  async #release(output: AbsolutePath): Promise<void> {
    const { disk, ledger } = this.#stage.context;
    try {
      for (const part of this.#parts.get(output) ?? []) await disk.remove(part);
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      return;
    }
    this.#parts.delete(output);
    await ledger.released(output);
  }

  #partOf({ output }: Task, attempt: string): AbsolutePath {
    return partPath(output, attempt, this.#stage.context.ledger.view.lineage ?? '');
  }

  tell(event: ClusterEvent): void {
    if (event.type === 'agent-left' && (this.#isOver || this.#stage.drain.aborted)) return;
    const told = clusterEvent(event, (task) => this.#names(task));
    if (told !== undefined) this.#stage.emit(told);
  }

  /** Every task has ended, so that leaving is what agents should do. */
  get #isOver(): boolean {
    const { completed, failures } = this.#stage.tally;
    return completed + failures >= this.#jobs.size;
  }

  #job(task: Pick<Task, 'id'>): Job {
    const job = this.#jobs.get(task.id);
    if (job === undefined) throw new Error(`unknown task ${task.id}`);
    return job;
  }

  #names(task: Pick<Task, 'id'>): TaskNames & { readonly action: Action } {
    const { change, task: job } = this.#job(task);
    return { action: change.action, output: job.output, source: job.source.path, set: change.set };
  }
}
