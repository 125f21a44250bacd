import { rm } from 'node:fs/promises';
import type { Clock } from '../lib/clock.js';
import { errorMessage } from '../lib/failure.js';
import { failedOutcome } from '../task/problem.js';
import type { Result } from '../lib/result.js';
import type { Failed, Outcome, Task } from '../task/task.js';
import { clipOutcome } from './clip.js';
import type { Execute, FinishedTask, HeldAttempt, LentTask } from './contract.js';

/**
 * What is left of a task waits no longer for the programs of the next one: a source may be on a disk
 * that hangs.
 */
const LONGEST_WAIT_MS = 1000;

/** How tasks are run, and who is told what becomes of them. */
export interface AgentWorkOptions {
  readonly slots: number;
  readonly clock: Clock;
  readonly execute: Execute;
  /** The task as this machine does it, or why it does not. */
  readonly admit: (task: Task) => Result<Task, Failed>;
  readonly onStart: (attempt: string, slot: number) => void;
  /** An attempt gave its slot on, and is not finished yet. */
  readonly onEncoded: (attempt: string) => void;
  readonly onFinish: (finished: FinishedTask) => void;
  /** The last thing that the agent held is gone. */
  readonly onEmpty: () => void;
}

interface RunningTask {
  readonly lent: LentTask;
  readonly slot: number;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  /** Nobody wants it any more: what comes of it is deleted, not reported. */
  discarded: boolean;
}

/**
 * Everything that an agent holds: tasks that wait, run, or are finished and not answered by the
 * master yet. Keeps its slots busy.
 */
export class AgentWork {
  /** The master's limit for programs that make nothing; see `ExecuteContext`. */
  stallMs: number | undefined;
  readonly #options: AgentWorkOptions;
  readonly #waiting = new Map<string, LentTask>();
  readonly #running = new Map<string, RunningTask>();
  readonly #finished = new Map<
    string,
    { readonly lent: LentTask; readonly report: FinishedTask }
  >();
  readonly #freeSlots: number[];
  /** Attempts whose part files are about to go. */
  readonly #dropping = new Set<string>();
  /** Slots that went on to their next task while the last one is being sealed. */
  readonly #sealing = new Set<number>();

  constructor(options: AgentWorkOptions) {
    this.#options = options;
    this.#freeSlots = Array.from({ length: options.slots }, (_, index) => options.slots - index);
  }

  /** Attempts, in whatever state. */
  held(): readonly string[] {
    return [...this.unfinished(), ...this.#finished.keys()];
  }

  /** The same without what it gives up, with what shows another master that they were lent. */
  claims(): readonly HeldAttempt[] {
    const waiting = [...this.#waiting.values()].map((lent) => claim(lent, 0));
    const running = [...this.#running.values()].map(({ lent, slot }) => claim(lent, slot));
    const finished = [...this.#finished.values()].map(({ lent, report }) =>
      claim(lent, report.slot),
    );
    const claims = [...waiting, ...running, ...finished];
    return claims.filter(({ attempt }) => !this.#dropping.has(attempt));
  }

  /** Attempts that wait or run. */
  unfinished(): readonly string[] {
    return [...this.#waiting.keys(), ...this.#running.keys()];
  }

  get size(): number {
    return this.#waiting.size + this.#running.size + this.#finished.size;
  }

  /** Results that the master has not answered. */
  unanswered(): readonly FinishedTask[] {
    return [...this.#finished.values()].map(({ report }) => report);
  }

  /** Takes tasks; an attempt that is held already counts once. */
  take(tasks: readonly LentTask[]): void {
    const held = new Set(this.held());
    for (const lent of tasks) {
      if (held.has(lent.attempt)) continue;
      const admitted = this.#options.admit(lent.task);
      if (admitted.ok) this.#waiting.set(lent.attempt, { ...lent, task: admitted.value });
      else this.#finish(lent, { slot: 0, outcome: admitted.error });
    }
    this.#fillSlots();
  }

  /** Forgets what was not started, and says what that was. */
  giveBackWaiting(): readonly string[] {
    const attempts = [...this.#waiting.keys()];
    this.#waiting.clear();
    return attempts;
  }

  /** Stops these; they end as cancelled, and are reported. */
  cancel(attempts: readonly string[]): void {
    for (const attempt of attempts) {
      this.#running.get(attempt)?.stop.abort();
      const lent = this.#waiting.get(attempt);
      if (lent === undefined) continue;
      this.#waiting.delete(attempt);
      this.#finish(lent, { slot: 0, outcome: CANCELLED });
    }
  }

  /** The master recorded these. */
  forget(attempts: readonly string[]): void {
    for (const attempt of attempts) this.#finished.delete(attempt);
    this.#checkEmpty();
  }

  /** These belong to somebody else by now: stops them and deletes their part files. */
  async discard(attempts: readonly string[]): Promise<void> {
    await Promise.all(attempts.map((attempt) => this.#discardOne(attempt)));
    this.#checkEmpty();
  }

  async #discardOne(attempt: string): Promise<void> {
    this.#waiting.delete(attempt);
    this.#dropping.add(attempt);
    await this.#end(attempt);
    this.#dropping.delete(attempt);
  }

  async #end(attempt: string): Promise<void> {
    const running = this.#running.get(attempt);
    if (running !== undefined) {
      running.discarded = true;
      running.stop.abort();
      await running.ended;
    }
    const finished = this.#finished.get(attempt);
    if (finished === undefined) return;
    if (finished.report.outcome.status === 'made') await removePart(finished.lent.task.part);
    this.#finished.delete(attempt);
  }

  /** Returns what is aborted when the last task that it begins is under way, or has ended. */
  #fillSlots(): AbortSignal | undefined {
    let begun: AbortSignal | undefined;
    for (const [attempt, lent] of this.#waiting) {
      const slot = this.#freeSlots.pop();
      if (slot === undefined) break;
      this.#waiting.delete(attempt);
      const stop = new AbortController();
      const underWay = new AbortController();
      const ended = this.#run(lent, { slot, stop, underWay });
      this.#running.set(attempt, { lent, slot, stop, ended, discarded: false });
      begun = underWay.signal;
    }
    return begun;
  }

  async #run(lent: LentTask, { slot, stop, underWay }: Place): Promise<void> {
    const { execute, onStart, onEncoded } = this.#options;
    // Not in this turn: the caller has to note first that the task runs.
    await Promise.resolve();
    let passedOn = false;
    const outcome = await execute(lent.task, {
      signal: stop.signal,
      stallMs: this.stallMs,
      onStart: () => onStart(lent.attempt, slot),
      onRunning: () => underWay.abort(),
      onEncoded: async () => {
        // Never piles up what a slow disk keeps waiting.
        if (passedOn || this.#sealing.has(slot)) return;
        passedOn = true;
        const next = this.#passOn(slot);
        onEncoded(lent.attempt);
        if (next !== undefined) await this.#waitFor(next, stop.signal);
      },
    }).catch(failedByBug);
    underWay.abort();
    const discarded = this.#running.get(lent.attempt)?.discarded === true;
    if (discarded && outcome.status === 'made') await removePart(lent.task.part);
    this.#running.delete(lent.attempt);
    if (passedOn) this.#sealing.delete(slot);
    else this.#freeSlots.push(slot);
    if (!discarded) this.#finish(lent, { slot, outcome });
    this.#fillSlots();
  }

  /** Lets the next task have the slot; returns what is aborted when that is under way. */
  #passOn(slot: number): AbortSignal | undefined {
    this.#sealing.add(slot);
    this.#freeSlots.push(slot);
    return this.#fillSlots();
  }

  async #waitFor(...signals: readonly AbortSignal[]): Promise<void> {
    const { clock } = this.#options;
    await clock.sleep(LONGEST_WAIT_MS, AbortSignal.any([...signals])).catch(() => undefined);
  }

  #finish(
    lent: LentTask,
    { slot, outcome }: { readonly slot: number; readonly outcome: Outcome },
  ): void {
    const { attempt, token, task } = lent;
    const report = { task: task.id, attempt, token, slot, outcome: clipOutcome(outcome) };
    this.#finished.set(attempt, { lent, report });
    this.#options.onFinish(report);
  }

  #checkEmpty(): void {
    if (this.size === 0) this.#options.onEmpty();
  }
}

/** Where a task runs, what stops it, and what is aborted when it is under way. */
interface Place {
  readonly slot: number;
  readonly stop: AbortController;
  readonly underWay: AbortController;
}

function claim({ task, attempt, token }: LentTask, slot: number): HeldAttempt {
  return { task: task.id, attempt, token, slot };
}

const CANCELLED = failedOutcome({
  class: 'cancelled',
  code: 'CANCELLED',
  text: 'stopped before it was started',
});

function failedByBug(error: unknown): Failed {
  const text = `the worker failed in a way that it should not: ${errorMessage(error)}`;
  return failedOutcome({ class: 'crash', code: 'ENCODE_FAILED', text });
}

/** What cannot be removed stays; the ledger knows its name and clears it up in the next run. */
async function removePart(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
}
