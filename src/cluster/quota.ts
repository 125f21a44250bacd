/** An agent that does nothing but report needs a few thousand messages a second at most. */
const PER_SECOND = 5000;
const AT_ONCE = 10_000;
/** So much nonsense is no accident. */
const MAX_REFUSED = 100;

/** How much one peer may say. Times are monotonic, in milliseconds. */
export class Quota {
  #left = AT_ONCE;
  #refused = 0;
  #lastMs: number;

  constructor(nowMs: number) {
    this.#lastMs = nowMs;
  }

  /** Counts a message; false when there were too many. */
  message(nowMs: number): boolean {
    const earned = ((nowMs - this.#lastMs) / 1000) * PER_SECOND;
    this.#left = Math.min(AT_ONCE, this.#left + earned) - 1;
    this.#lastMs = nowMs;
    return this.#left >= 0;
  }

  /** Counts one that made no sense; false when there were too many. */
  nonsense(): boolean {
    this.#refused += 1;
    return this.#refused <= MAX_REFUSED;
  }
}
