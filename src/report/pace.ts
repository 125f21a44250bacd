import type { Clock } from '../lib/clock.js';

/** Speed is taken over this span, so that it follows agents that come and go. */
const WINDOW_MS = 60_000;
const SAMPLE_MS = 1000;

/** What grows while a run works. */
export interface Amounts {
  readonly audioSeconds: number;
  readonly finished: number;
}

interface Sample extends Amounts {
  readonly at: number;
}

/** How fast a run is, over the last minute. */
export class Pace {
  readonly #clock: Clock;
  readonly #samples: Sample[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Keeps one sample a second, and of those beyond the window only the last. */
  note({ audioSeconds, finished }: Amounts): void {
    const now = { at: this.#clock.monotonic(), audioSeconds, finished };
    const last = this.#samples.at(-1);
    if (last !== undefined && now.at - last.at < SAMPLE_MS) return;
    this.#samples.push(now);
    while ((this.#samples[1]?.at ?? Number.POSITIVE_INFINITY) <= now.at - WINDOW_MS) {
      this.#samples.shift();
    }
  }

  /** What came since the window began, a second of wall clock; 0 before the first sample. */
  perSecond(what: keyof Amounts, now: Amounts): number {
    const [first] = this.#samples;
    if (first === undefined) return 0;
    const seconds = (this.#clock.monotonic() - first.at) / 1000;
    return seconds > 0 ? (now[what] - first[what]) / seconds : 0;
  }
}
