import type { Clock } from '../lib/clock.js';
import type { RunEvent } from './event.js';

/** Speed is taken over this span, so that it follows agents that come and go. */
const WINDOW_MS = 60_000;
const SAMPLE_MS = 1000;
/** Before that, an estimate is a guess. */
const ESTIMATE_AFTER_MS = 3000;

interface Sample {
  readonly at: number;
  readonly audioSeconds: number;
  readonly finished: number;
}

/** How far a run is: what the live screen and the lines of the log both tell. */
export class Progress {
  tasks = 0;
  done = 0;
  failed = 0;
  audioSeconds = 0;
  deleted = 0;
  /** What each busy worker is at, in the order in which they started: worker to output. */
  readonly working: Map<string, string> = new Map();
  readonly #clock: Clock;
  readonly #samples: Sample[] = [];
  #totalAudioSeconds = 0;
  #startedAt = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get finished(): number {
    return this.done + this.failed;
  }

  /** 0 to 1; by tasks. */
  get share(): number {
    return this.tasks === 0 ? 0 : Math.min(1, this.finished / this.tasks);
  }

  get elapsedMs(): number {
    return this.#clock.monotonic() - this.#startedAt;
  }

  update(event: RunEvent): void {
    switch (event.type) {
      case 'apply-started':
        this.tasks = event.tasks;
        this.#totalAudioSeconds = event.audioSeconds;
        this.#startedAt = this.#clock.monotonic();
        this.#sample();
        break;
      case 'task-started':
        this.working.set(event.worker, event.output);
        break;
      case 'task-done':
        this.done += 1;
        this.audioSeconds += event.audioSeconds;
        this.#release(event.worker, event.output);
        break;
      case 'task-failed':
        this.failed += 1;
        this.#release(event.worker, event.output);
        break;
      case 'task-requeued':
        this.#release(event.worker, event.output);
        break;
      case 'file-deleted':
        this.deleted += 1;
        break;
      default:
    }
  }

  /** Seconds of audio a second, over the last minute; `undefined` while nothing is done. */
  get rate(): number | undefined {
    const speed = this.#speed(({ audioSeconds }) => audioSeconds);
    return speed > 0 ? speed : undefined;
  }

  /** Milliseconds until all tasks are finished; `undefined` while nobody can tell. */
  get remainingMs(): number | undefined {
    if (this.elapsedMs < ESTIMATE_AFTER_MS) return undefined;
    const mean = this.tasks === 0 ? 0 : this.#totalAudioSeconds / this.tasks;
    const audioLeft = this.#totalAudioSeconds - this.audioSeconds - this.failed * mean;
    const rate = this.rate;
    if (rate !== undefined && audioLeft > 0) return (audioLeft / rate) * 1000;
    const tasksPerSecond = this.#speed(({ finished }) => finished);
    if (tasksPerSecond === 0) return undefined;
    return (Math.max(0, this.tasks - this.finished) / tasksPerSecond) * 1000;
  }

  #release(worker: string, output: string): void {
    if (this.working.get(worker) === output) this.working.delete(worker);
    this.#sample();
  }

  #speed(amount: (sample: Sample) => number): number {
    const [first] = this.#samples;
    if (first === undefined) return 0;
    const now = this.#now();
    const seconds = (now.at - first.at) / 1000;
    return seconds > 0 ? (amount(now) - amount(first)) / seconds : 0;
  }

  #now(): Sample {
    const { audioSeconds, finished } = this;
    return { at: this.#clock.monotonic(), audioSeconds, finished };
  }

  /** Keeps one sample a second, and of those beyond the window only the last. */
  #sample(): void {
    const now = this.#now();
    const last = this.#samples.at(-1);
    if (last !== undefined && now.at - last.at < SAMPLE_MS) return;
    this.#samples.push(now);
    while ((this.#samples[1]?.at ?? Number.POSITIVE_INFINITY) <= now.at - WINDOW_MS) {
      this.#samples.shift();
    }
  }
}
