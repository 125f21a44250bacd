import { scale } from '#src/providers/scale.js';
import type { PilotView } from '#src/providers/scale.js';
import { seededRandom } from '../support/seeded-random.js';

interface SimulatedPilot {
  readonly id: string;
  readonly submittedMs: number;
  readonly startMs: number;
  draining: boolean;
  /** When each of its running tasks ends. */
  tasks: number[];
}

export interface ScaleWorldOptions {
  readonly tasks: number;
  readonly min?: number;
  readonly max: number;
  readonly slots: number;
  readonly taskMs: number;
  readonly seed: number;
}

export interface ScaleWorldEvents {
  /** Shortest and longest wait from submission to joining. */
  readonly queueMs: readonly [number, number];
  readonly preemptEveryMs?: number;
  /** Tasks take from `1 - noise` to `1 + noise` of their mean. */
  readonly noise?: number;
}

const STEP_MS = 1000;

/** An engine with a queue, a master with tasks, and time that the test passes in steps. */
export class ScaleWorld {
  nowMs = 0;
  done = 0;
  submitted = 0;
  preempted = 0;
  /** Pilots at the same time, pending ones too. */
  most = 0;
  everMoreThanTasks = false;
  directionChanges = 0;
  #open: number;
  #running = 0;
  #direction: 'up' | 'down' = 'up';
  #lastSubmitMs: number | undefined;
  #meanTaskMs: number | undefined;
  #waitMs: number | undefined;
  #pilots: SimulatedPilot[] = [];
  readonly #options: ScaleWorldOptions;
  readonly #random: () => number;

  constructor(options: ScaleWorldOptions) {
    this.#options = options;
    this.#open = options.tasks;
    this.#random = seededRandom(options.seed);
  }

  run(events: ScaleWorldEvents): void {
    let nextPreemptionMs = events.preemptEveryMs ?? Infinity;
    while (this.#open > 0) {
      this.nowMs += STEP_MS;
      if (this.nowMs >= nextPreemptionMs) {
        nextPreemptionMs += events.preemptEveryMs ?? Infinity;
        this.#preempt();
      }
      this.#work(events);
      this.#decide(events);
    }
  }

  #decide({ queueMs: [shortest, longest] }: ScaleWorldEvents): void {
    const { min = 0, max, slots } = this.#options;
    const decision = scale(
      {
        ...{ min, max, slots, openTasks: this.#open, otherSlots: 0, failures: 0 },
        pilots: this.#pilots.map((pilot) => this.#view(pilot)),
        meanTaskMs: this.#meanTaskMs,
        waitMs: this.#waitMs,
        lastSubmitMs: this.#lastSubmitMs,
      },
      this.nowMs,
    );
    if (decision.submit > 0) this.#turn('up');
    if (decision.drain.length > 0) this.#turn('down');
    for (let index = 0; index < decision.submit; index += 1) {
      this.submitted += 1;
      this.#lastSubmitMs = this.nowMs;
      this.#pilots.push({
        id: `p${this.submitted}`,
        submittedMs: this.nowMs,
        startMs: this.nowMs + shortest + this.#random() * (longest - shortest),
        draining: false,
        tasks: [],
      });
    }
    for (const pilot of this.#pilots) if (decision.drain.includes(pilot.id)) pilot.draining = true;
    this.#pilots = this.#pilots.filter(({ draining, tasks }) => !draining || tasks.length > 0);
    const staying = this.#pilots.filter(({ draining }) => !draining).length;
    this.most = Math.max(this.most, staying);
    if (this.#open > 0 && staying > this.#open) this.everMoreThanTasks = true;
  }

  #view({ id, submittedMs, startMs, draining }: SimulatedPilot): PilotView {
    const phase = startMs <= this.nowMs ? 'joined' : 'pending';
    return { id, submittedMs, phase: draining ? 'draining' : phase };
  }

  #turn(direction: 'up' | 'down'): void {
    if (direction !== this.#direction) this.directionChanges += 1;
    this.#direction = direction;
  }

  /** Ends what is due, and hands out what fits. */
  #work({ noise = 0.2 }: ScaleWorldEvents): void {
    for (const pilot of this.#pilots) {
      const due = pilot.tasks.filter((end) => end <= this.nowMs);
      pilot.tasks = pilot.tasks.filter((end) => end > this.nowMs);
      this.#running -= due.length;
      this.done += due.length;
      this.#open -= due.length;
      if (pilot.startMs > this.nowMs || pilot.draining) continue;
      if (pilot.startMs > this.nowMs - STEP_MS) this.#waitMs = pilot.startMs - pilot.submittedMs;
      while (pilot.tasks.length < this.#options.slots && this.#running < this.#open) {
        const ms = this.#options.taskMs * (1 + noise * (2 * this.#random() - 1));
        this.#meanTaskMs = ms;
        this.#running += 1;
        pilot.tasks.push(this.nowMs + ms);
      }
    }
  }

  /** The engine takes a working pilot away; its tasks wait again. */
  #preempt(): void {
    const working = this.#pilots.filter(({ tasks, draining }) => tasks.length > 0 && !draining);
    const victim = working[Math.floor(this.#random() * working.length)];
    if (victim === undefined) return;
    this.preempted += 1;
    this.#running -= victim.tasks.length;
    this.#pilots = this.#pilots.filter((pilot) => pilot !== victim);
  }
}
