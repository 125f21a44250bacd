import type { Clock } from '../lib/clock.js';
import { Crew } from './crew.js';
import type { Job } from './crew.js';
import type { RunEvent, TaskFailed } from './event.js';
import type { FailureState, RunState, ScanState } from './event-line.gen.js';
import { Pace } from './pace.js';

/** Before that, an estimate is a guess. */
const ESTIMATE_AFTER_MS = 3000;
/** Of the last failures, how many the state tells. */
const FAILURES_KEPT = 20;

/**
 * How far a run is, folded from its events: what the live screen, the lines of the log, `status
 * --live` and the metrics all tell. Depends on nothing but the events and the clock.
 */
export class Progress {
  run: string | null = null;
  stage: RunState['stage'] = 'scanning';
  tasks = 0;
  done = 0;
  failed = 0;
  requeued = 0;
  moved = 0;
  deleted = 0;
  audioSeconds = 0;
  bytes = 0;
  readonly crew: Crew = new Crew();
  readonly #clock: Clock;
  readonly #pace: Pace;
  readonly #failures: FailureState[] = [];
  #scan: ScanState | null = null;
  #totalAudioSeconds = 0;
  #startedAt: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#pace = new Pace(clock);
  }

  /** What each busy worker is at, in the order in which they started. */
  get working(): ReadonlyMap<string, Job> {
    return this.crew.working;
  }

  get finished(): number {
    return this.done + this.failed;
  }

  /** 0 to 1; by tasks. */
  get share(): number {
    return this.tasks === 0 ? 0 : Math.min(1, this.finished / this.tasks);
  }

  get elapsedMs(): number {
    return this.#startedAt === undefined ? 0 : this.#clock.monotonic() - this.#startedAt;
  }

  update(event: RunEvent): void {
    this.crew.update(event, this.#clock.monotonic());
    this.#advance(event);
    switch (event.type) {
      case 'task-done':
        this.done += 1;
        this.audioSeconds += event.audioSeconds;
        this.bytes += event.sizeBytes;
        this.#pace.note(this);
        break;
      case 'task-failed':
        this.failed += 1;
        this.#failures.push(failureState(event));
        if (this.#failures.length > FAILURES_KEPT) this.#failures.shift();
        this.#pace.note(this);
        break;
      case 'task-requeued':
        this.requeued += 1;
        this.#pace.note(this);
        break;
      case 'file-moved':
        this.moved += 1;
        break;
      case 'file-deleted':
        this.deleted += 1;
        break;
      default:
    }
  }

  /** Seconds of audio a second, over the last minute; `undefined` while nothing is done. */
  get rate(): number | undefined {
    const speed = this.#pace.perSecond('audioSeconds', this);
    return speed > 0 ? speed : undefined;
  }

  /** Milliseconds until all tasks are finished; `undefined` while nobody can tell. */
  get remainingMs(): number | undefined {
    if (this.elapsedMs < ESTIMATE_AFTER_MS) return undefined;
    const mean = this.tasks === 0 ? 0 : this.#totalAudioSeconds / this.tasks;
    const audioLeft = this.#totalAudioSeconds - this.audioSeconds - this.failed * mean;
    const rate = this.rate;
    if (rate !== undefined && audioLeft > 0) return (audioLeft / rate) * 1000;
    const tasksPerSecond = this.#pace.perSecond('finished', this);
    if (tasksPerSecond === 0) return undefined;
    return (Math.max(0, this.tasks - this.finished) / tasksPerSecond) * 1000;
  }

  /** All of it as it is now, as plain data. */
  state(exitCode: number | null = null): RunState {
    const now = this.#clock.monotonic();
    const { run, stage, tasks, done, failed, requeued, moved, deleted, audioSeconds, bytes } = this;
    const counts = { tasks, done, failed, requeued, moved, deleted, audioSeconds, bytes };
    return {
      type: 'run-state',
      run,
      stage,
      scan: stage === 'scanning' ? this.#scan : null,
      elapsedMs: this.elapsedMs,
      ...counts,
      rate: this.rate ?? null,
      remainingMs: this.remainingMs ?? null,
      agents: this.crew.agents.map(({ agent, slots, working }) => ({
        agent,
        slots,
        working: working.map(([worker, { startedMs, ...job }]) => ({
          worker,
          ...job,
          ms: now - startedMs,
        })),
      })),
      failures: [...this.#failures],
      exitCode,
    };
  }

  #advance(event: RunEvent): void {
    switch (event.type) {
      case 'scan-progress': {
        const { stage, done, total } = event;
        this.#scan = { stage, done, total: total ?? null };
        break;
      }
      case 'plan-ready':
        this.stage = 'planned';
        break;
      case 'apply-started':
        this.run = event.run;
        this.stage = 'converting';
        this.tasks = event.tasks;
        this.#totalAudioSeconds = event.audioSeconds;
        this.#startedAt = this.#clock.monotonic();
        this.#pace.note(this);
        break;
      case 'summary':
        this.stage = 'finished';
        break;
      default:
    }
  }
}

function failureState({ output, source, set, worker, code, text }: TaskFailed): FailureState {
  return { output, source, set, worker, code, text };
}
