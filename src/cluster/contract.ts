import type { ExecuteContext, Failed, Made, Outcome, Task } from '../task/task.js';

/** What an agent can do, probed by running the programs: program name to what it says of itself. */
export type Capabilities = Readonly<Record<string, string>>;

/** Runs one task to its outcome. Never rejects: what goes wrong is an outcome. */
export type Execute = (task: Task, context: ExecuteContext) => Promise<Outcome>;

/** What the master does with a finished part: journal, rename, journal. */
export type Commit = (task: Task, made: Made, worker: string) => Promise<CommitVerdict>;

/** `stale`: the output or the source is not what the plan saw; the part must go. */
export type CommitVerdict =
  { readonly verdict: 'committed' } | { readonly verdict: 'stale'; readonly failed: Failed };
