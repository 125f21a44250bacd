import { setImmediate as turn } from 'node:timers/promises';
import { systemClock } from './clock.js';

/** How long synchronous work may keep timers, signals and sockets waiting. */
const SLICE_MS = 15;

/** To ask the time takes longer than many a piece of work. */
const CALLS_PER_LOOK = 64;

/** Cuts long synchronous work into slices: `if (breather.isDue) await breather.breathe();` */
export class Breather {
  readonly #signal: AbortSignal | undefined;
  #started = systemClock.monotonic();
  #calls = 0;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** Whether the slice is used up; for pieces of work that take microseconds. */
  get isDue(): boolean {
    this.#calls += 1;
    if (this.#calls % CALLS_PER_LOOK !== 0) return false;
    return systemClock.monotonic() - this.#started >= SLICE_MS;
  }

  /** Gives the event loop a turn. Rejects with the signal's reason when it is aborted. */
  async breathe(): Promise<void> {
    await turn();
    this.#signal?.throwIfAborted();
    this.#started = systemClock.monotonic();
  }
}
