import type { Failed, Made, Task } from '../task/task.js';
import type { Attempt } from './dispatch-state.js';

/** What a master tells while it works. Failed tasks come through `onFailed`. */
export type MasterEvent =
  | { readonly type: 'listening'; readonly endpoint: string }
  /** Other machines can reach the endpoint, and need no key. */
  | { readonly type: 'insecure'; readonly endpoint: string }
  /** This user had no key for a master yet. */
  | { readonly type: 'key-made'; readonly file: string }
  | {
      readonly type: 'agent-joined';
      readonly agent: string;
      readonly session: string;
      /** What the engine that started it calls it, if one did. */
      readonly pilot: string | undefined;
      readonly pid: number;
      readonly slots: number;
    }
  | {
      readonly type: 'agent-left';
      readonly agent: string;
      readonly session: string;
      readonly reason: string;
    }
  /** Its environment failed too often: it gets nothing more in this run. */
  | { readonly type: 'agent-paused'; readonly agent: string; readonly failed: Failed }
  /** Something about an agent, or what it cannot do, that a person should know. */
  | { readonly type: 'agent-noted'; readonly agent: string; readonly text: string }
  /** It takes nothing for now; without a reason: again. */
  | { readonly type: 'agent-resting'; readonly agent: string; readonly reason: string | undefined }
  /** So many tasks wait for an agent that can do them; told once for each kind of task. */
  | { readonly type: 'tasks-untakable'; readonly tasks: number; readonly reason: string }
  | { readonly type: 'agent-refused'; readonly agent: string; readonly reason: string }
  | { readonly type: 'task-started'; readonly task: Task; readonly worker: string }
  | {
      readonly type: 'task-done';
      readonly task: Task;
      readonly made: Made;
      readonly worker: string;
    }
  | {
      readonly type: 'task-requeued';
      readonly task: Task;
      readonly worker: string;
      readonly reason: string;
    }
  /** An agent goes on with what it had before its master was started again or its connection broke. */
  | { readonly type: 'task-resumed'; readonly task: Task }
  /** Somebody sent what makes no sense; told once a peer. */
  | { readonly type: 'message-refused'; readonly text: string };

/** What a run of a master came to; every task is in one of the first three. */
export interface MasterReport {
  readonly done: number;
  readonly failed: number;
  /** Neither done nor failed, because the run was stopped. */
  readonly remaining: number;
  readonly requeued: number;
  /** Attempts that agents kept through a restart of the master or a break of the connection. */
  readonly resumed: number;
  readonly refusedMessages: number;
  readonly agents: number;
  /** Their part files may still come to be: their agents were lost and did not come back. */
  readonly vanished: readonly Attempt[];
  readonly stopped: 'no' | 'drain' | 'abort';
}
