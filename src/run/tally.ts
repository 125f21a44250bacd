import type { SetSummary, Summary, TaskDone, TaskFailed } from '../report/event.js';

/** Adds up a run for its summary. Keeps a number a task, not the task. */
export class Tally {
  readonly #sets = new Map<string, SetCount>();
  readonly #failures: TaskFailed[] = [];
  readonly #unreadable: TaskFailed[] = [];
  readonly #order: readonly string[];
  deleted = 0;
  trashed = 0;
  interrupted = false;
  #warnings = 0;

  /** `order`: names of output sets, as the summary lists them. */
  constructor(order: readonly string[]) {
    this.#order = order;
  }

  done(event: TaskDone): void {
    const set = this.#set(event.set);
    set.ms.push(event.ms);
    set.audioSeconds += event.audioSeconds;
    set.bytes += event.sizeBytes;
    this.#warnings += event.warnings.length;
  }

  failed(event: TaskFailed): void {
    this.#set(event.set).failed += 1;
    this.#failures.push(event);
  }

  /** An output whose source could not be taken: it is told as a failure, and was never a task. */
  unreadable(row: TaskFailed): void {
    this.#set(row.set).unreadable += 1;
    this.#unreadable.push(row);
  }

  /** Tasks that failed. */
  get failures(): number {
    return this.#failures.length;
  }

  /** Changes a run has made on disk or in the ledger's rows. */
  get completed(): number {
    return [...this.#sets.values()].reduce((sum, { ms }) => sum + ms.length, 0);
  }

  summary(facts: Pick<Summary, 'run' | 'ms' | 'sources' | 'tasks'>): Summary {
    return {
      type: 'summary',
      ...facts,
      done: this.completed,
      failed: this.failures,
      deleted: this.deleted,
      ...(this.trashed === 0 ? {} : { trashed: this.trashed }),
      ...(this.#unreadable.length === 0 ? {} : { unreadable: this.#unreadable.length }),
      ...(this.#warnings === 0 ? {} : { warnings: this.#warnings }),
      interrupted: this.interrupted,
      sets: [...this.#sets]
        .toSorted(([a], [b]) => this.#order.indexOf(a) - this.#order.indexOf(b))
        .map(([set, count]) => setSummary(set, count)),
      failures: [...this.#failures, ...this.#unreadable],
    };
  }

  #set(name: string): SetCount {
    const known = this.#sets.get(name);
    if (known !== undefined) return known;
    const fresh = { ms: [], failed: 0, unreadable: 0, audioSeconds: 0, bytes: 0 };
    this.#sets.set(name, fresh);
    return fresh;
  }
}

interface SetCount {
  readonly ms: number[];
  failed: number;
  unreadable: number;
  audioSeconds: number;
  bytes: number;
}

function setSummary(
  set: string,
  { ms, failed, unreadable, audioSeconds, bytes }: SetCount,
): SetSummary {
  const sorted = ms.toSorted((a, b) => a - b);
  const totalMs = sorted.reduce((sum, one) => sum + one, 0);
  const count = sorted.length;
  const middle = Math.floor(count / 2);
  const upper = sorted[middle] ?? 0;
  const medianMs = count % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
  return {
    set,
    count,
    failed,
    ...(unreadable === 0 ? {} : { unreadable }),
    totalMs,
    meanMs: count === 0 ? 0 : totalMs / count,
    medianMs,
    audioSeconds,
    bytes,
  };
}
