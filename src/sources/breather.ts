import { setImmediate as turn } from 'node:timers/promises';

/** How long synchronous work may keep timers, signals and sockets waiting. */
const SLICE_MS = 15;

/** Cuts long synchronous work into slices: `if (breather.isDue) await breather.breathe();` */
export class Breather {
  readonly #signal: AbortSignal | undefined;
  #started = performance.now();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** Whether the slice is used up. */
  get isDue(): boolean {
    return performance.now() - this.#started >= SLICE_MS;
  }

  /** Gives the event loop a turn. Rejects with the signal's reason when it is aborted. */
  async breathe(): Promise<void> {
    await turn();
    this.#signal?.throwIfAborted();
    this.#started = performance.now();
  }
}
