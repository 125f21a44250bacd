import type { AbsolutePath } from '../lib/brand.js';
import type { ExecuteContext, Failed, Made, Outcome, Task } from '../task/task.js';

/** What an agent can do, probed by running the programs: program name to what it says of itself. */
export type Capabilities = Readonly<Record<string, string>>;

/** Sources are read, outputs written. */
export type RootUse = 'source' | 'output';

/** A folder that a run is about. */
export interface RunRoot {
  /** What the manifest calls it. */
  readonly name: string;
  /** Where the master has it. */
  readonly path: AbsolutePath;
  readonly use: RootUse;
}

/** A task as it is lent to an agent. */
export interface LentTask {
  /** `epoch.seq`, strictly rising. */
  readonly attempt: string;
  /** Of task, attempt and session; only the master can make it. */
  readonly token: string;
  readonly task: Task;
}

/** An attempt that an agent says it has, and the proof that it was lent to its session. */
export type HeldAttempt = {
  readonly task: string;
  readonly attempt: string;
  readonly token: string;
  /** Counted from 1; 0: it was not started yet. */
  readonly slot: number;
};

/** What became of an attempt. */
export interface FinishedTask {
  /** Id of the task. */
  readonly task: string;
  readonly attempt: string;
  readonly token: string;
  /** Counted from 1; 0: it was never started. */
  readonly slot: number;
  readonly outcome: Outcome;
}

/** Runs one task to its outcome. Never rejects: what goes wrong is an outcome. */
export type Execute = (task: Task, context: ExecuteContext) => Promise<Outcome>;

/** What the master does with a finished part: journal, rename, journal. */
export type Commit = (task: Task, made: Made, worker: string) => Promise<CommitVerdict>;

/** `stale`: the output or the source is not what the plan saw; the part must go. */
export type CommitVerdict =
  { readonly verdict: 'committed' } | { readonly verdict: 'stale'; readonly failed: Failed };
