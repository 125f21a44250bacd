/** After three missed heartbeats a master gets so long to speak before a leaving agent goes without its answer. */
const GRACE_MS = 5000;
/** A line that stands, as far as this machine can tell, may have no other end: then another is tried. */
const REDIAL_BEATS = 10;
const MIN_REDIAL_MS = 30_000;

/** What an agent does about a master that says nothing; times in milliseconds. */
export interface SilenceRules {
  readonly heartbeatMs: number;
  readonly orphanMs: number;
  /** It only waits for the answers to what it reported. */
  readonly isLeaving: boolean;
}

/** `redial`: over a new connection; `give-up`: no answers will come; `orphaned`: there is no master any more. */
export type Consequence = 'none' | 'redial' | 'give-up' | 'orphaned';

/** Since when an agent has heard nothing, and what follows from that. Times are monotonic. */
export class Silence {
  #heardMs: number;
  #lineMs: number;
  #beatMs: number;

  constructor(nowMs: number) {
    this.#heardMs = nowMs;
    this.#lineMs = nowMs;
    this.#beatMs = nowMs;
  }

  /** The master said something. */
  heard(nowMs: number): void {
    this.#heardMs = nowMs;
    this.#lineMs = nowMs;
  }

  /** A connection stands. */
  connected(nowMs: number): void {
    this.#lineMs = nowMs;
  }

  /** To be asked at each heartbeat: whoever stood still himself has not heard anybody either. */
  beat(nowMs: number, { heartbeatMs, orphanMs, isLeaving }: SilenceRules): Consequence {
    const lateMs = nowMs - this.#beatMs - heartbeatMs;
    if (lateMs > heartbeatMs) {
      this.#heardMs += lateMs;
      this.#lineMs += lateMs;
    }
    this.#beatMs = nowMs;
    const silentMs = nowMs - this.#heardMs;
    if (silentMs >= orphanMs) return 'orphaned';
    if (isLeaving && silentMs >= 3 * heartbeatMs + GRACE_MS) return 'give-up';
    if (nowMs - this.#lineMs < Math.max(REDIAL_BEATS * heartbeatMs, MIN_REDIAL_MS)) return 'none';
    this.#lineMs = nowMs;
    return 'redial';
  }
}
