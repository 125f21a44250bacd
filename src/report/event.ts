import type { LedgerNoticeCode } from '../ledger/notice.js';
import type { Failure } from '../lib/failure.js';
import type { JsonObject } from '../lib/json.js';
import type { Action, Change, Reason } from '../plan/action.js';
import type { PlanEstimate } from '../plan/estimate.js';
import type { RunState } from './event-line.gen.js';

/**
 * Everything that a run tells the world. Reporters turn it into text, a live screen or NDJSON;
 * nothing else writes to a terminal. Paths are absolute; times in milliseconds; audio in seconds.
 */
export type RunEvent =
  | ScanProgress
  | ScanProblemEvent
  | PlanReady
  | PlanRows
  | Answer
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
  | FailureEvent;

interface ScanProgress {
  readonly type: 'scan-progress';
  readonly stage: 'sources' | 'headers' | 'outputs';
  readonly done: number;
  /** `undefined` while nobody knows. */
  readonly total: number | undefined;
}

interface ScanProblemEvent {
  readonly type: 'scan-problem';
  readonly path: string;
  readonly code: string;
  readonly text: string;
}

interface PlanReady {
  readonly type: 'plan-ready';
  /** How many rows an action has, `noop` included. */
  readonly counts: Readonly<Record<Action, number>>;
  readonly sources: number;
  /** What the plan will take; only where there is something to do. */
  readonly estimate?: PlanCost;
}

/** What a plan will take, of so many workers. */
export interface PlanCost extends PlanEstimate {
  readonly workers: number;
}

/** The rows of the plan, where they are asked for: a text for people, a `change` line each in JSON. */
interface PlanRows {
  readonly type: 'plan';
  readonly changes: readonly Change[];
  readonly counts: Readonly<Record<Action, number>>;
}

/** What a command was asked for: a text for people, the same as data for programs. */
interface Answer {
  readonly type: 'answer';
  /** The command that answers. */
  readonly kind: string;
  /** Ends in a newline; control characters are escaped already. */
  readonly text: string;
  readonly data: JsonObject;
  /** Something is wrong: told even where only failures are. */
  readonly isBad?: boolean;
}

/** Tasks are about to be handed out. */
interface ApplyStarted {
  readonly type: 'apply-started';
  readonly run: string;
  readonly tasks: number;
  readonly audioSeconds: number;
}

interface AgentJoined {
  readonly type: 'agent-joined';
  readonly agent: string;
  readonly slots: number;
}

interface AgentLeft {
  readonly type: 'agent-left';
  readonly agent: string;
  readonly reason: string;
}

interface TaskStarted {
  readonly type: 'task-started';
  readonly output: string;
  readonly source: string;
  readonly set: string;
  /** `host/slot`. */
  readonly worker: string;
}

export interface TaskDone {
  readonly type: 'task-done';
  readonly action: Action;
  readonly output: string;
  readonly source: string;
  readonly set: string;
  readonly worker: string;
  readonly ms: number;
  readonly audioSeconds: number;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly warnings: readonly string[];
}

export interface TaskFailed {
  readonly type: 'task-failed';
  readonly action: Action;
  readonly output: string;
  readonly source: string;
  readonly set: string;
  readonly worker: string;
  readonly ms: number;
  readonly code: string;
  readonly text: string;
  readonly stderrTail: string;
}

/** Handed out again because the worker was lost; not the task's fault so far. */
interface TaskRequeued {
  readonly type: 'task-requeued';
  readonly output: string;
  readonly worker: string;
  readonly reason: string;
}

interface FileDeleted {
  readonly type: 'file-deleted';
  readonly output: string;
  readonly set: string;
  /** Where it is now, when `policy.trash` is set. */
  readonly trash?: string;
  readonly reasons: readonly Reason[];
}

/** A delete that did not happen: the file is not what the ledger says, or could not be removed. */
interface FileKept {
  readonly type: 'file-kept';
  readonly output: string;
  readonly set: string;
  readonly text: string;
}

/** An output was renamed with its source or layout; nothing was encoded. */
interface FileMoved {
  readonly type: 'file-moved';
  readonly from: string;
  readonly output: string;
  readonly set: string;
  readonly reasons: readonly Reason[];
}

/** Stable; what scripts may look for. */
export type NoticeCode =
  | LedgerNoticeCode
  | 'AGENT_NOTED'
  | 'AGENT_PAUSED'
  | 'AGENT_RESTING'
  | 'CLUSTER_LISTENING'
  | 'CLUSTER_INSECURE'
  | 'KEY_MADE'
  | 'LIVE_UNAVAILABLE'
  | 'MANIFEST_NOT_KEPT'
  | 'METRICS_LISTENING'
  | 'NO_RUN'
  | 'AGENT_REFUSED'
  | 'CONVERSION_ERRORS'
  | 'DELETES_POSTPONED'
  | 'ENCODER_CHOSEN'
  | 'MESSAGE_REFUSED'
  | 'MOVE_FAILED'
  | 'NO_TERMINAL'
  | 'PILOTS_LEFT'
  | 'PILOTS_SUBMITTED'
  | 'PLAN_ROW_STALE'
  | 'PROGRAM_MISSING'
  | 'PROVIDER_GIVEN_UP'
  | 'PROVIDER_TROUBLE'
  | 'SHARDS_PENDING'
  | 'SHARDS_WRITTEN'
  | 'SHARD_OUTPUT_LEFT'
  | 'SOURCES_YOUNG'
  | 'SOURCE_EMPTY'
  | 'TARGET_UNMATCHED'
  | 'TASKS_UNTAKABLE'
  | 'TRASH_OLD';

/** Something worth a line that changes no result (a broken lock, a recovered output). */
interface Notice {
  readonly type: 'notice';
  readonly level: 'info' | 'warning';
  readonly code: NoticeCode;
  readonly text: string;
}

interface Interrupted {
  readonly type: 'interrupted';
  /** `graceful`: running encodes commit; `immediate`: workers are stopped now. */
  readonly how: 'graceful' | 'immediate';
}

/** What the whole run came to; the last event but for a failure. */
export interface Summary {
  readonly type: 'summary';
  readonly run: string;
  readonly ms: number;
  /** Source files seen. */
  readonly sources: number;
  readonly tasks: number;
  readonly done: number;
  readonly failed: number;
  readonly deleted: number;
  /** Outputs that were put into the trash, where there is one. */
  readonly trashed?: number;
  /** Outputs, not files, whose source is unreadable or no FLAC; not among `tasks`. */
  readonly unreadable?: number;
  /** Of the tasks that are done: one may have several. */
  readonly warnings?: number;
  readonly interrupted: boolean;
  readonly sets: readonly SetSummary[];
  /** `failed` tasks, and the `unreadable` outputs with action `error`. */
  readonly failures: readonly TaskFailed[];
}

/** Times are of one task, in milliseconds of wall clock on its worker. */
export interface SetSummary {
  readonly set: string;
  readonly count: number;
  readonly failed: number;
  /** Outputs whose source is unreadable or no FLAC. */
  readonly unreadable?: number;
  readonly totalMs: number;
  readonly meanMs: number;
  readonly medianMs: number;
  readonly audioSeconds: number;
  readonly bytes: number;
}

/** The run stopped with an error. */
interface FailureEvent {
  readonly type: 'failure';
  readonly failure: Failure;
}

/** Takes events; never throws, never blocks the run. */
export interface Reporter {
  report(event: RunEvent): void;
  /** Writes what is still held back and leaves the terminal alone; called once, last. */
  close(exitCode: number): void;
}
