import { rm } from 'node:fs/promises';
import { AgentWork } from '../cluster/agent-work.js';
import type { Execute, FinishedTask, LentTask } from '../cluster/contract.js';
import type { Clock } from '../lib/clock.js';
import { ok } from '../lib/result.js';
import { unreachable } from '../lib/unreachable.js';
import type { Failed, Made, Task } from '../task/task.js';

/** So often a task is tried whose encoder was killed; nobody else can try it elsewhere. */
const MAX_TRIES = 2;

export interface ShardWorkOptions {
  readonly slots: number;
  readonly clock: Clock;
  readonly execute: Execute;
  /** Before each try: gives the task its part file, durably. */
  readonly lease: (task: Task) => Promise<Task>;
  readonly onStart: (task: Task, slot: number) => void;
  readonly onMade: (done: { task: Task; made: Made; slot: number }) => Promise<void>;
  readonly onFailed: (done: { task: Task; failed: Failed; slot: number }) => Promise<void>;
  /** Aborted: nothing more is begun. */
  readonly drain: AbortSignal;
  /** Aborted: what runs is stopped. */
  readonly abort: AbortSignal;
}

/** Does tasks in this process, without a master; resolves when nothing runs any more, rejects as a hook did. */
export async function workAlone(tasks: readonly Task[], options: ShardWorkOptions): Promise<void> {
  const bench = new Bench(options);
  await bench.run(tasks);
}

/** One process, its slots, and what is still open. */
class Bench {
  readonly #options: ShardWorkOptions;
  readonly #work: AgentWork;
  readonly #given = new Map<string, Task>();
  readonly #leased = new Map<string, Task>();
  readonly #tries = new Map<string, number>();
  readonly #pending = new Set<Promise<void>>();
  #attempts = 0;
  #wake: () => void = () => undefined;
  #broken: unknown;

  constructor(options: ShardWorkOptions) {
    this.#options = options;
    this.#work = new AgentWork({
      slots: options.slots,
      clock: options.clock,
      // They come from this machine's own plan, by no wire.
      admit: ok,
      execute: async (task, context) => {
        const leased = await options.lease(task);
        this.#leased.set(task.id, leased);
        return options.execute(leased, context);
      },
      onStart: (attempt, slot) => options.onStart(this.#taskOf(attempt), slot),
      onEncoded: () => undefined,
      onFinish: (finished) => this.#track(this.#finish(finished)),
      onEmpty: () => this.#wake(),
    });
  }

  async run(tasks: readonly Task[]): Promise<void> {
    const { drain, abort } = this.#options;
    const over = new AbortController();
    const once = { once: true, signal: over.signal };
    const stop = (): void => this.#stop();
    drain.addEventListener('abort', stop, once);
    abort.addEventListener('abort', () => this.#work.cancel(this.#work.unfinished()), once);
    this.#work.take(tasks.map((task) => this.#lend(task)));
    if (drain.aborted) stop();
    while (this.#work.size + this.#pending.size > 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    over.abort();
    if (this.#broken !== undefined) throw this.#broken;
  }

  #lend(task: Task): LentTask {
    this.#attempts += 1;
    const attempt = `${task.id}.${this.#attempts}`;
    this.#tries.set(task.id, (this.#tries.get(task.id) ?? 0) + 1);
    this.#given.set(attempt, task);
    return { attempt, token: '', task };
  }

  #taskOf(attempt: string): Task {
    const task = this.#given.get(attempt);
    if (task === undefined) throw new Error(`unknown attempt ${attempt}`);
    return task;
  }

  async #finish({ attempt, slot, outcome }: FinishedTask): Promise<void> {
    const { onMade, onFailed, drain } = this.#options;
    const given = this.#taskOf(attempt);
    const task = this.#leased.get(given.id) ?? given;
    try {
      switch (outcome.status) {
        case 'made':
          await onMade({ task, made: outcome, slot });
          break;
        case 'failed': {
          const again = outcome.class === 'crash' && (this.#tries.get(task.id) ?? 0) < MAX_TRIES;
          if (again && !drain.aborted) this.#work.take([this.#lend(given)]);
          else await onFailed({ task, failed: outcome, slot });
          break;
        }
        default:
          unreachable(outcome);
      }
    } finally {
      this.#given.delete(attempt);
      this.#work.forget([attempt]);
    }
  }

  #stop(): void {
    for (const attempt of this.#work.giveBackWaiting()) this.#given.delete(attempt);
    this.#wake();
  }

  #track(job: Promise<void>): void {
    this.#pending.add(job);
    job
      .catch((error: unknown) => {
        this.#broken ??= error;
        this.#stop();
        this.#work.cancel(this.#work.unfinished());
      })
      .finally(() => {
        this.#pending.delete(job);
        this.#wake();
      });
  }
}

/** Removes part files; those that cannot be removed stay for who comes next. */
export async function removeParts(parts: Iterable<string>): Promise<boolean> {
  let all = true;
  for (const part of parts) {
    await rm(part, { force: true }).catch(() => {
      all = false;
    });
  }
  return all;
}
