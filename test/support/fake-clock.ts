import type { Clock } from '#src/lib/clock.js';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** A clock that stands still until it is ticked. */
export class FakeClock implements Clock {
  #ms = 0;
  #sleepers: Sleeper[] = [];
  readonly #start: number;

  constructor(start = '2024-05-01T12:00:00.000Z') {
    this.#start = Date.parse(start);
  }

  now(): number {
    return this.#start + this.#ms;
  }

  monotonic(): number {
    return this.#ms;
  }

  /** How many are asleep: a test waits for them before it ticks. */
  get sleeping(): number {
    return this.#sleepers.length;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error);
      const abort = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal?.reason as Error);
      };
      const wake = (): void => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const sleeper = { until: this.#ms + ms, wake };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', abort);
    });
  }

  /** Lets time pass in small steps, with turns of the event loop between, until `happened` settles. */
  async passUntil<T>(happened: Promise<T>): Promise<T> {
    const over = new AbortController();
    const ended = happened.finally(() => over.abort());
    while (!over.signal.aborted) {
      this.tick(5);
      await new Promise((resolve) => void setImmediate(resolve));
    }
    return ended;
  }

  /** Lets time pass; whoever has slept long enough wakes. */
  tick(ms: number): void {
    this.#ms += ms;
    const due = this.#sleepers.filter(({ until }) => until <= this.#ms);
    this.#sleepers = this.#sleepers.filter(({ until }) => until > this.#ms);
    for (const { wake } of due) wake();
  }
}
