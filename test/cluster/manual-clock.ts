import type { Clock } from '#src/lib/clock.js';

/** A clock that stands still until the test lets time pass. */
export class ManualClock implements Clock {
  #nowMs = 0;
  readonly #sleepers = new Set<{ readonly untilMs: number; readonly wake: () => void }>();

  now(): number {
    return this.#nowMs;
  }

  monotonic(): number {
    return this.#nowMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason as Error);
      };
      const wake = (): void => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      const sleeper = { untilMs: this.#nowMs + ms, wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', onAbort);
    });
  }

  /** Lets time pass in small steps, with turns of the event loop between, until `happened` resolves. */
  async passUntil<T>(happened: Promise<T>): Promise<T> {
    const over = new AbortController();
    const ended = happened.finally(() => over.abort());
    while (!over.signal.aborted) {
      this.#advance(5);
      await new Promise((resolve) => void setImmediate(resolve));
    }
    return ended;
  }

  #advance(ms: number): void {
    this.#nowMs += ms;
    for (const sleeper of this.#sleepers) {
      if (sleeper.untilMs > this.#nowMs) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}
