// Generated from schemas/event.schema.json by "npm run generate". Do not edit.

/**
 * One line of flac2all --json. Standard output then carries NDJSON alone: a version line first, an exit line last.
 */
export type EventLine =
  | Version
  | Change
  | Answer
  | ScanProgress
  | ScanProblem
  | PlanReady
  | ApplyStarted
  | AgentJoined
  | AgentLeft
  | TaskStarted
  | TaskDone
  | TaskFailed
  | TaskRequeued
  | FileDeleted
  | FileKept
  | FileMoved
  | Notice
  | Interrupted
  | RunState
  | Summary
  | Failure
  | Exit;
/**
 * What happens to an output.
 */
export type Action =
  | 'create'
  | 'update'
  | 'repair'
  | 'retag'
  | 'move'
  | 'adopt'
  | 'touch'
  | 'drift'
  | 'conflict'
  | 'error'
  | 'skip'
  | 'noop'
  | 'delete'
  | 'orphan'
  | 'forget';

/**
 * First line of every stream.
 */
export interface Version {
  type: 'version';
  program: 'flac2all';
  /**
   * Version of the program.
   */
  version: string;
  /**
   * Rises when a field changes its meaning or goes; not when one is added.
   */
  format: number;
}
/**
 * One row of the plan; outputs that are up to date have none.
 */
export interface Change {
  type: 'change';
  action: Action;
  /**
   * Absolute path of the output.
   */
  output: string;
  /**
   * Name of the output set.
   */
  set: string;
  /**
   * Absolute path of the source; null where there is none any more.
   */
  source: string | null;
  /**
   * Every reason that applies.
   */
  reasons: Reason[];
}
/**
 * Why something happens to an output.
 */
export interface Reason {
  /**
   * Stable code of the reason.
   */
  code:
    | 'source-unreadable'
    | 'path-conflict'
    | 'source-renamed'
    | 'no-output'
    | 'finished-by-interrupted-run'
    | 'ledger-row-unverified'
    | 'not-managed'
    | 'output-missing'
    | 'output-touched'
    | 'output-changed'
    | 'audio-changed'
    | 'option-changed'
    | 'encoder-changed'
    | 'to-be-replaced'
    | 'forced'
    | 'tags-changed'
    | 'layout-changed'
    | 'source-touched'
    | 'set-renamed'
    | 'failed-before'
    | 'up-to-date'
    | 'source-removed'
    | 'excluded'
    | 'profile-removed'
    | 'modified-outside'
    | 'already-gone'
    | 'left-by-move'
    | 'prune-off';
  /**
   * The reason, for people.
   */
  text: string;
  /**
   * What was.
   */
  old?: string;
  /**
   * What is wanted, or is there now.
   */
  new?: string;
}
/**
 * What a command was asked for.
 */
export interface Answer {
  type: 'answer';
  /**
   * The command that answers.
   */
  kind: string;
  /**
   * What it found; its keys depend on the command.
   */
  data: {
    [k: string]: unknown;
  };
}
/**
 * How far the scan is; at most one line a second.
 */
export interface ScanProgress {
  type: 'scan-progress';
  /**
   * What is looked at.
   */
  stage: 'sources' | 'headers' | 'outputs';
  /**
   * Files looked at so far.
   */
  done: number;
  /**
   * Files in all; null while nobody knows.
   */
  total: number | null;
}
/**
 * Something that the scan could not take.
 */
export interface ScanProblem {
  type: 'scan-problem';
  /**
   * Where it is.
   */
  path: string;
  /**
   * Stable code of the problem.
   */
  code: string;
  /**
   * The reason, for people.
   */
  text: string;
}
/**
 * The plan is made.
 */
export interface PlanReady {
  type: 'plan-ready';
  /**
   * Rows for each action, those that are up to date (noop) included.
   */
  counts: {
    create: number;
    update: number;
    repair: number;
    retag: number;
    move: number;
    adopt: number;
    touch: number;
    drift: number;
    conflict: number;
    error: number;
    skip: number;
    noop: number;
    delete: number;
    orphan: number;
    forget: number;
  };
  /**
   * Source files seen.
   */
  sources: number;
  /**
   * What the plan will take; only where there is something to do.
   */
  estimate?: {
    /**
     * Size of the sources that are read to make outputs.
     */
    sourceBytes: number;
    /**
     * Their length, where it is known.
     */
    audioSeconds: number;
    /**
     * Size of the outputs that are deleted.
     */
    deletedBytes: number;
    /**
     * Milliseconds of one worker, by what the ledger remembers; null: nobody knows.
     */
    workMs: number | null;
    /**
     * Workers on this machine.
     */
    workers: number;
  };
}
/**
 * Tasks are about to be handed out.
 */
export interface ApplyStarted {
  type: 'apply-started';
  /**
   * Name of the run.
   */
  run: string;
  /**
   * Tasks to do.
   */
  tasks: number;
  /**
   * Seconds of audio in them.
   */
  audioSeconds: number;
}
/**
 * An agent is ready for tasks.
 */
export interface AgentJoined {
  type: 'agent-joined';
  /**
   * Name of the agent.
   */
  agent: string;
  /**
   * Workers it has.
   */
  slots: number;
}
/**
 * An agent is gone.
 */
export interface AgentLeft {
  type: 'agent-left';
  /**
   * Name of the agent.
   */
  agent: string;
  /**
   * Why, for people.
   */
  reason: string;
}
/**
 * A worker began a task.
 */
export interface TaskStarted {
  type: 'task-started';
  /**
   * Absolute path of the output.
   */
  output: string;
  /**
   * Absolute path of the source.
   */
  source: string;
  /**
   * Name of the output set.
   */
  set: string;
  /**
   * The worker, as host/slot.
   */
  worker: string;
}
/**
 * An output is in place and written down.
 */
export interface TaskDone {
  type: 'task-done';
  action: Action;
  /**
   * Absolute path of the output.
   */
  output: string;
  /**
   * Absolute path of the source.
   */
  source: string;
  /**
   * Name of the output set.
   */
  set: string;
  /**
   * The worker, as host/slot.
   */
  worker: string;
  /**
   * Wall clock on the worker, in milliseconds.
   */
  ms: number;
  /**
   * Seconds of audio in the output; 0 for copied files.
   */
  audioSeconds: number;
  /**
   * Size of the output.
   */
  sizeBytes: number;
  /**
   * SHA-256 of the output.
   */
  sha256: string;
  /**
   * What a person should know although the output is whole.
   */
  warnings: string[];
}
/**
 * There is no new output; an old one stays as it was.
 */
export interface TaskFailed {
  type: 'task-failed';
  action: Action;
  /**
   * Absolute path of the output.
   */
  output: string;
  /**
   * Absolute path of the source.
   */
  source: string;
  /**
   * Name of the output set.
   */
  set: string;
  /**
   * The worker, as host/slot.
   */
  worker: string;
  /**
   * Wall clock on the worker, in milliseconds.
   */
  ms: number;
  /**
   * Stable code of the failure.
   */
  code: string;
  /**
   * What is wrong with what, for people.
   */
  text: string;
  /**
   * The end of what the encoder wrote to standard error.
   */
  stderrTail: string;
}
/**
 * A task is handed out again because its worker was lost.
 */
export interface TaskRequeued {
  type: 'task-requeued';
  /**
   * Absolute path of the output.
   */
  output: string;
  /**
   * The worker, as host/slot.
   */
  worker: string;
  /**
   * Why, for people.
   */
  reason: string;
}
/**
 * An output that is no longer wanted is gone.
 */
export interface FileDeleted {
  type: 'file-deleted';
  /**
   * Absolute path of the output.
   */
  output: string;
  /**
   * Name of the output set.
   */
  set: string;
  /**
   * Every reason that applies.
   */
  reasons: Reason[];
  /**
   * Absolute path where it lies in the trash; absent where there is none.
   */
  trash?: string;
}
/**
 * A delete that did not happen.
 */
export interface FileKept {
  type: 'file-kept';
  /**
   * Absolute path of the output.
   */
  output: string;
  /**
   * Name of the output set.
   */
  set: string;
  /**
   * Why, for people.
   */
  text: string;
}
/**
 * An output was renamed with its source or layout; nothing was encoded.
 */
export interface FileMoved {
  type: 'file-moved';
  /**
   * Absolute path of the output.
   */
  output: string;
  /**
   * Name of the output set.
   */
  set: string;
  /**
   * Every reason that applies.
   */
  reasons: Reason[];
  /**
   * Absolute path where it was before.
   */
  from: string;
}
/**
 * Something worth a line that changes no result.
 */
export interface Notice {
  type: 'notice';
  level: 'info' | 'warning';
  /**
   * Stable code.
   */
  code: string;
  /**
   * For people.
   */
  text: string;
}
/**
 * The run was asked to stop.
 */
export interface Interrupted {
  type: 'interrupted';
  /**
   * graceful: running tasks finish; immediate: workers are stopped.
   */
  how: 'graceful' | 'immediate';
}
/**
 * How far a run is: what `status --live --json` prints again and again, and what /workers.json of `apply --metrics` answers.
 */
export interface RunState {
  type: 'run-state';
  /**
   * Id of the run; null before tasks are handed out.
   */
  run: string | null;
  /**
   * What the run is doing. planned: the plan is known, nothing is handed out yet; finished: every task has ended.
   */
  stage: 'scanning' | 'planned' | 'converting' | 'finished';
  /**
   * What is being looked at; null once the plan is known.
   */
  scan: ScanState | null;
  /**
   * Since tasks are handed out.
   */
  elapsedMs: number;
  /**
   * Tasks of the run.
   */
  tasks: number;
  /**
   * Tasks whose output is in place.
   */
  done: number;
  /**
   * Tasks that failed for good.
   */
  failed: number;
  /**
   * Tasks that were handed out again because a worker was lost.
   */
  requeued: number;
  /**
   * Outputs that were renamed.
   */
  moved: number;
  /**
   * Outputs that were deleted or put into the trash.
   */
  deleted: number;
  /**
   * Audio of the outputs that are done.
   */
  audioSeconds: number;
  /**
   * Size of the outputs that are done.
   */
  bytes: number;
  /**
   * Seconds of audio a second over the last minute; null while nobody can tell.
   */
  rate: number | null;
  /**
   * Until all tasks are finished; null while nobody can tell.
   */
  remainingMs: number | null;
  /**
   * Who works, by name.
   */
  agents: AgentState[];
  /**
   * The last twenty failures, oldest first.
   */
  failures: FailureState[];
  /**
   * Of the run; null while it is at work.
   */
  exitCode: number | null;
}
/**
 * How far a scan is.
 */
export interface ScanState {
  /**
   * What is looked at.
   */
  stage: 'sources' | 'headers' | 'outputs';
  /**
   * Files so far.
   */
  done: number;
  /**
   * null while nobody knows.
   */
  total: number | null;
}
/**
 * A machine that works for the run.
 */
export interface AgentState {
  /**
   * Name of the machine.
   */
  agent: string;
  /**
   * How many outputs it makes at a time.
   */
  slots: number;
  /**
   * What its busy workers are at, by worker.
   */
  working: WorkState[];
}
/**
 * A worker and the output that it makes.
 */
export interface WorkState {
  /**
   * host/slot.
   */
  worker: string;
  /**
   * Absolute path of the output.
   */
  output: string;
  /**
   * Absolute path of the source.
   */
  source: string;
  /**
   * Name of the output set.
   */
  set: string;
  /**
   * Since it began.
   */
  ms: number;
}
/**
 * A task that failed.
 */
export interface FailureState {
  /**
   * Absolute path of the output.
   */
  output: string;
  /**
   * Absolute path of the source.
   */
  source: string;
  /**
   * Name of the output set.
   */
  set: string;
  /**
   * host/slot.
   */
  worker: string;
  /**
   * What went wrong.
   */
  code: string;
  /**
   * The same for people.
   */
  text: string;
}
/**
 * What the run came to.
 */
export interface Summary {
  type: 'summary';
  /**
   * Name of the run.
   */
  run: string;
  /**
   * Wall clock of the run, in milliseconds.
   */
  ms: number;
  /**
   * Source files seen.
   */
  sources: number;
  /**
   * Tasks planned.
   */
  tasks: number;
  /**
   * Tasks done.
   */
  done: number;
  /**
   * Tasks failed.
   */
  failed: number;
  /**
   * Outputs deleted.
   */
  deleted: number;
  /**
   * Outputs put into the trash.
   */
  trashed?: number;
  /**
   * Outputs whose source is unreadable or no FLAC: no task was made of them, and they are in none of the numbers above; absent where there is none.
   */
  unreadable?: number;
  /**
   * Warnings of the tasks that are done (what an output has lost, what is odd about a source); absent where there is none.
   */
  warnings?: number;
  /**
   * Whether tasks are left because the run was stopped.
   */
  interrupted: boolean;
  /**
   * Totals for each output set.
   */
  sets: SetSummary[];
  /**
   * Every task that failed, and with action `error` every output whose source is unreadable or no FLAC: as many as `failed` and `unreadable` together.
   */
  failures: TaskFailed[];
}
/**
 * Totals of one output set; times are of one task on its worker, in milliseconds.
 */
export interface SetSummary {
  /**
   * Name of the output set.
   */
  set: string;
  /**
   * Tasks done.
   */
  count: number;
  /**
   * Tasks failed.
   */
  failed: number;
  /**
   * Outputs whose source is unreadable or no FLAC; absent where there is none.
   */
  unreadable?: number;
  /**
   * Sum of the times.
   */
  totalMs: number;
  /**
   * Mean time.
   */
  meanMs: number;
  /**
   * Median time.
   */
  medianMs: number;
  /**
   * Seconds of audio converted.
   */
  audioSeconds: number;
  /**
   * Size of the outputs.
   */
  bytes: number;
}
/**
 * The command stopped with an error.
 */
export interface Failure {
  type: 'failure';
  /**
   * Stable code.
   */
  code: string;
  /**
   * What is wrong, with the path in it.
   */
  message: string;
  location?: Location;
  /**
   * The way out.
   */
  hint?: string;
}
/**
 * A place in a text file; line and column count from 1.
 */
export interface Location {
  /**
   * Path of the file.
   */
  file: string;
  /**
   * Line.
   */
  line: number;
  /**
   * Column, in UTF-16 code units.
   */
  column: number;
  /**
   * Characters that are meant.
   */
  length: number;
  /**
   * The whole line.
   */
  text: string;
}
/**
 * Last line of every stream.
 */
export interface Exit {
  type: 'exit';
  /**
   * Exit code of the program.
   */
  code: number;
}
