/** Upper bounds in seconds: from a tag that is written anew to an opera that is compressed again. */
const BOUNDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** How long tasks took, counted by bounds. */
export class Durations {
  /** In seconds. */
  sum = 0;
  count = 0;
  readonly #counts = BOUNDS.map(() => 0);

  note(ms: number): void {
    const seconds = ms / 1000;
    this.sum += seconds;
    this.count += 1;
    for (const [index, bound] of BOUNDS.entries()) {
      if (seconds <= bound) this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    }
  }

  /** Each with all that were shorter, as Prometheus wants it. */
  get buckets(): readonly { readonly upTo: number; readonly count: number }[] {
    return BOUNDS.map((upTo, index) => ({ upTo, count: this.#counts[index] ?? 0 }));
  }
}
