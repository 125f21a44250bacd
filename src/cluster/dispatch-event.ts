import type { Failed, Made, Outcome, Task } from '../task/task.js';
import type { CommitVerdict, HeldAttempt } from './contract.js';
import type { Lacks } from './need.js';

/**
 * What the dispatcher is told. `expecting`: an agent that holds something is being looked at; `expected`: no
 * more, whatever came of it. `encoded`: the attempt has given its slot on and is being sealed. Sessions are of
 * agents that said HELLO; attempts are `epoch.seq`.
 */
export type DispatchEvent =
  | Joined
  | Heard
  | Started
  | { readonly type: 'encoded'; readonly session: string; readonly attempt: string }
  | Reported
  | Left
  | { readonly type: 'disconnected'; readonly session: string }
  | { readonly type: 'committed'; readonly task: string; readonly verdict: CommitVerdict }
  | { readonly type: 'undelivered'; readonly session: string; readonly attempts: readonly string[] }
  | { readonly type: 'unsendable'; readonly session: string; readonly attempt: string }
  | { readonly type: 'expecting' }
  | { readonly type: 'expected' }
  | { readonly type: 'tick' }
  | { readonly type: 'drain' }
  | { readonly type: 'abort' }
  | { readonly type: 'exhausted'; readonly failed: Failed };

/**
 * HELLO on a new connection; only there does what is not in `held` count as lost, and only there may an
 * agent keep what was taken from it.
 */
export interface Joined {
  readonly type: 'joined';
  readonly session: string;
  readonly name: string;
  readonly slots: number;
  readonly held: readonly HeldAttempt[];
  readonly lacks?: Lacks;
  readonly resting?: string | undefined;
}

/** Any sign of life; with `held` a heartbeat, which also says whether the agent rests, and gives back. */
export interface Heard {
  readonly type: 'heard';
  readonly session: string;
  readonly held?: readonly string[];
  readonly resting?: string | undefined;
  readonly returned?: readonly string[] | undefined;
}

/** A slot began with the attempt. Slots count from 1. */
export interface Started {
  readonly type: 'started';
  readonly session: string;
  readonly attempt: string;
  readonly slot: number;
}

/** RESULT: an attempt is over, if it is the one that was lent. */
export interface Reported {
  readonly type: 'reported';
  readonly session: string;
  readonly task: string;
  readonly attempt: string;
  readonly token: string;
  readonly slot: number;
  readonly outcome: Outcome;
}

/** BYE: takes nothing more; with `running` 0 nothing more will come from it. */
export interface Left {
  readonly type: 'left';
  readonly session: string;
  readonly reason: string;
  readonly returned: readonly string[];
  readonly running: number;
}

/** What the dispatcher wants done. */
export type Effect =
  | GrantEffect
  | ResumeEffect
  | { readonly type: 'ack'; readonly session: string; readonly attempt: string }
  | { readonly type: 'stale'; readonly session: string; readonly attempt: string }
  | { readonly type: 'cancel'; readonly session: string; readonly attempt: string }
  | { readonly type: 'drain'; readonly session: string }
  | CommitEffect
  | FailEffect
  | RequeueEffect
  | { readonly type: 'started'; readonly task: Task; readonly worker: string }
  | { readonly type: 'joined'; readonly agent: string; readonly slots: number }
  | GoneEffect
  | { readonly type: 'paused'; readonly agent: string; readonly failed: Failed }
  | { readonly type: 'resting'; readonly agent: string; readonly reason: string | undefined }
  /** So many tasks wait for an agent that can do them; told once a kind. */
  | { readonly type: 'untakable'; readonly tasks: number; readonly reason: string }
  | { readonly type: 'finished' };

/** Lend the task to the session under this attempt. */
export interface GrantEffect {
  readonly type: 'grant';
  readonly session: string;
  readonly task: Task;
  readonly attempt: string;
  readonly token: string;
}

/** The agent keeps this attempt, which an earlier master or an earlier connection lent it. */
interface ResumeEffect {
  readonly type: 'resumed';
  readonly task: Task;
  readonly attempt: string;
}

interface CommitEffect {
  readonly type: 'commit';
  readonly task: Task;
  readonly attempt: string;
  readonly made: Made;
  readonly worker: string;
}

/** The task is over without an output. */
interface FailEffect {
  readonly type: 'failed';
  readonly task: Task;
  readonly failed: Failed;
  readonly worker: string;
}

interface RequeueEffect {
  readonly type: 'requeued';
  readonly task: Task;
  readonly worker: string;
  readonly reason: string;
}

/** The session is over; its connection may be forgotten. */
interface GoneEffect {
  readonly type: 'gone';
  readonly session: string;
  readonly agent: string;
  readonly reason: string;
}
