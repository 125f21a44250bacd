import type { Clock } from '../lib/clock.js';
import type { Failed, Made, Task } from '../task/task.js';
import { unreachable } from '../lib/unreachable.js';
import type { Commit } from './contract.js';
import { dispatch } from './dispatch.js';
import type { DispatchEvent, Effect, GrantEffect } from './dispatch-event.js';
import { createDispatch, openAttempts } from './dispatch-state.js';
import type { DispatchState } from './dispatch-state.js';
import { Gate } from './gate.js';
import type { MasterEvent, MasterReport } from './master-event.js';
import type { Need } from './need.js';
import type { Peer } from './peer.js';
import type { Timing } from './timing.js';
import { tokenMaker } from './token.js';

/** So many commits at a time share the syncs of the journal. */
const COMMITS = 64;

/** What the ledger does for the master. A rejection ends the run. */
export interface MasterHooks {
  /** Before each hand-out: writes the attempt down and names its part file. */
  readonly lease: (task: Task, attempt: string) => Promise<Task>;
  readonly commit: Commit;
  readonly onFailed: (task: Task, failed: Failed, worker: string) => Promise<void>;
  /** Must not throw. */
  readonly onEvent: (event: MasterEvent) => void;
}

/** What ties a master to those before it on the same ledger: attempts that they lent may stay good. */
export interface Continuity {
  /** Makes the tokens; known to the masters of this ledger alone. */
  readonly secret: string;
  /** Tasks that an agent may still hold from an interrupted run: it gets a moment to say so. */
  readonly awaited: ReadonlySet<string>;
  /** The task as it was lent under that attempt; `undefined`: its part file was given up. */
  readonly resume: (task: Task, attempt: string) => Task | undefined;
}

/** What a run works with, besides its sockets. */
export interface MasterRunOptions extends MasterHooks {
  readonly tasks: readonly Task[];
  readonly epoch: number;
  readonly clock: Clock;
  readonly timing: Timing;
  readonly continuity: Continuity;
  readonly needsOf?: (task: Task) => readonly Need[];
  readonly mayGrow?: boolean;
}

/** Carries out what the dispatcher decides, and tells it what came of that. */
export class MasterRun {
  readonly state: DispatchState;
  /** Resolves when every task is over; rejects when a hook did. */
  readonly finished: Promise<void>;
  readonly #options: MasterRunOptions;
  readonly #peers = new Map<string, Peer>();
  /** Tasks as they were handed out last, with the part file's name; by task. */
  readonly #lent = new Map<string, Task>();
  readonly #commits = new Gate(COMMITS);
  #pending = 0;
  #settle: () => void = () => undefined;
  readonly #jobDone = (): void => {
    this.#pending -= 1;
    if (this.#pending === 0) this.#settle();
  };
  readonly #jobFailed = (error: unknown): void => {
    this.#broken ??= { error };
    this.#break(error);
    this.#jobDone();
  };
  #broken: { readonly error: unknown } | undefined;
  readonly #counts = { done: 0, failed: 0, requeued: 0, resumed: 0, agents: 0 };
  #finish: () => void = () => undefined;
  #onDeserted: () => void = () => undefined;
  #break: (error: unknown) => void = () => undefined;

  constructor(options: MasterRunOptions) {
    this.#options = options;
    const { secret, awaited, resume } = options.continuity;
    const token = tokenMaker(Buffer.from(secret));
    const isOpen = (task: Task, attempt: string): boolean => resume(task, attempt) !== undefined;
    const decisions = { ...options, token, awaited, isOpen };
    this.state = createDispatch(decisions, options.clock.monotonic());
    this.finished = new Promise((resolve, reject) => {
      this.#finish = resolve;
      this.#break = reject;
    });
  }

  /** Tells the dispatcher and does what it wants. */
  dispatch(event: DispatchEvent): void {
    const effects = dispatch(this.state, event, this.#options.clock.monotonic());
    for (const effect of effects) this.#perform(effect);
  }

  /** From now on this is the connection of the session. */
  bind(peer: Peer, session: string): void {
    const former = this.#peers.get(session);
    if (former !== undefined) former.session = undefined;
    peer.session = session;
    this.#peers.set(session, peer);
  }

  /** The connection of a session. */
  peerOf(session: string): Peer | undefined {
    return this.#peers.get(session);
  }

  /** The connections of all sessions. */
  peers(): readonly Peer[] {
    return [...this.#peers.values()];
  }

  /** Waits for the job before the run ends; its error ends the run. */
  track(job: Promise<void>): void {
    this.#pending += 1;
    // One promise a job: there are two jobs a task, and tens of thousands of tasks a second.
    void job.then(this.#jobDone, this.#jobFailed);
  }

  /** Resolves when no hook is at work any more; rejects when one did. */
  async settled(): Promise<void> {
    if (this.#pending > 0) {
      await new Promise<void>((resolve) => {
        this.#settle = resolve;
      });
    }
    if (this.#broken !== undefined) throw this.#broken.error;
  }

  /** Resolves when the last session is over. */
  deserted(): Promise<void> {
    if (this.#peers.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onDeserted = resolve;
    });
  }

  report(refusedMessages: number): MasterReport {
    const { done, failed } = this.#counts;
    const remaining = this.state.byRank.length - done - failed;
    const vanished = openAttempts(this.state);
    return { ...this.#counts, remaining, refusedMessages, vanished, stopped: this.state.stopping };
  }

  #perform(effect: Effect): void {
    const { onEvent } = this.#options;
    switch (effect.type) {
      case 'grant':
        this.track(this.#grant(effect));
        return;
      case 'resumed':
        this.#resume(effect);
        return;
      case 'ack':
      case 'stale':
      case 'cancel':
        this.#peers.get(effect.session)?.answer(ANSWERS[effect.type], effect.attempt);
        return;
      case 'drain':
        this.#peers.get(effect.session)?.send('DRAIN', {});
        return;
      case 'commit':
        this.track(this.#commit(effect));
        return;
      case 'failed':
        this.#counts.failed += 1;
        this.#lent.delete(effect.task.id);
        this.track(this.#options.onFailed(effect.task, effect.failed, effect.worker));
        return;
      case 'requeued':
        this.#counts.requeued += 1;
        onEvent({ ...effect, type: 'task-requeued' });
        return;
      case 'started':
        onEvent({ ...effect, type: 'task-started' });
        return;
      case 'joined':
        this.#counts.agents += 1;
        return;
      case 'gone':
        this.#forget(effect.session);
        onEvent({ ...effect, type: 'agent-left' });
        return;
      case 'paused':
        onEvent({ ...effect, type: 'agent-paused' });
        return;
      case 'resting':
        onEvent({ ...effect, type: 'agent-resting' });
        return;
      case 'untakable':
        onEvent({ ...effect, type: 'tasks-untakable' });
        return;
      case 'finished':
        this.#finish();
        return;
      default:
        unreachable(effect);
    }
  }

  async #grant(effect: GrantEffect): Promise<void> {
    const { session, attempt, token } = effect;
    const task = await this.#options.lease(effect.task, attempt);
    const record = this.state.tasks.get(task.id);
    // While the ledger wrote, the agent may have been lost and the task lent to another.
    if (record?.phase !== 'leased' || record.attempt !== attempt) return;
    this.#lent.set(task.id, task);
    this.#peers.get(session)?.grant({ attempt, token, task });
  }

  #resume({ task, attempt }: { readonly task: Task; readonly attempt: string }): void {
    const { continuity, onEvent } = this.#options;
    const lent = continuity.resume(task, attempt);
    if (lent === undefined) throw new Error(`resumed ${attempt} without its part`);
    this.#lent.set(task.id, lent);
    this.#counts.resumed += 1;
    onEvent({ type: 'task-resumed', task });
  }

  async #commit(effect: {
    readonly task: Task;
    readonly made: Made;
    readonly worker: string;
  }): Promise<void> {
    const { made, worker } = effect;
    const task = this.#lent.get(effect.task.id) ?? effect.task;
    const verdict = await this.#commits.run(() => this.#options.commit(task, made, worker));
    this.#lent.delete(task.id);
    if (verdict.verdict === 'committed') {
      this.#counts.done += 1;
      this.#options.onEvent({ type: 'task-done', task, made, worker });
    }
    this.dispatch({ type: 'committed', task: task.id, verdict });
  }

  #forget(session: string): void {
    const peer = this.#peers.get(session);
    if (peer !== undefined) peer.session = undefined;
    this.#peers.delete(session);
    if (this.#peers.size === 0) this.#onDeserted();
  }
}

const ANSWERS = { ack: 'ACK', stale: 'STALE', cancel: 'CANCEL' } as const;
