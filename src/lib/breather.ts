import { setImmediate as turn } from 'node:timers/promises';
import { systemClock } from './clock.js';

/** How long synchronous work may keep timers, signals and sockets waiting. */
const SLICE_MS = 15;

/** Cuts long synchronous work into slices: `if (breather.isDue) await breather.breathe();` */
export class Breather {
  readonly #signal: AbortSignal | undefined;
  #started = systemClock.monotonic();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** Whether the slice is used up. */
  get isDue(): boolean {
    return systemClock.monotonic() - this.#started >= SLICE_MS;
  }

  /** Gives the event loop a turn. Rejects with the signal's reason when it is aborted. */
  async breathe(): Promise<void> {
    await turn();
    this.#signal?.throwIfAborted();
    this.#started = systemClock.monotonic();
  }
}
