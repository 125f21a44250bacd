import type { Clock } from '../lib/clock.js';
import type { RunEvent } from '../report/event.js';
import type { RunState } from '../report/event-line.gen.js';
import { Durations } from './durations.js';
import { expositionText } from './exposition.js';
import type { Family, HistogramFamily } from './exposition.js';

/** The run for Prometheus. Names follow its conventions: base units, `_total` for what only grows. */
export class Metrics {
  readonly #version: string;
  readonly #startedAt: number;
  readonly #durations = new Durations();
  readonly #failures = new Map<string, number>();
  #joined = 0;
  #left = 0;
  #warnings = 0;

  constructor(clock: Clock, version: string) {
    this.#version = version;
    this.#startedAt = clock.now() / 1000;
  }

  /** What a state does not keep, because nobody looks at it but here. */
  update(event: RunEvent): void {
    switch (event.type) {
      case 'task-done':
        this.#durations.note(event.ms);
        break;
      case 'task-failed':
        this.#failures.set(event.code, (this.#failures.get(event.code) ?? 0) + 1);
        break;
      case 'agent-joined':
        this.#joined += 1;
        break;
      case 'agent-left':
        this.#left += 1;
        break;
      case 'notice':
        if (event.level === 'warning') this.#warnings += 1;
        break;
      default:
    }
  }

  /** The answer to a scrape. */
  text(state: RunState): string {
    return expositionText([
      ...this.#aboutRun(state),
      ...this.#aboutTasks(state),
      ...this.#aboutAgents(state),
    ]);
  }

  #aboutRun({ run, stage, elapsedMs, rate, remainingMs }: RunState): readonly Family[] {
    const stages = ['scanning', 'planned', 'converting', 'finished'] as const;
    return [
      gauge('build_info', 'The version of flac2all that is at work; always 1.', [
        { labels: { version: this.#version }, value: 1 },
      ]),
      gauge(
        'run_info',
        'The run that is at work, once it hands out tasks; always 1.',
        run === null ? [] : [{ labels: { run }, value: 1 }],
      ),
      gauge(
        'run_start_time_seconds',
        'When the process began, in seconds since 1970.',
        one(this.#startedAt),
      ),
      gauge(
        'run_stage',
        'What the run is doing: 1 for that stage, 0 for the others.',
        stages.map((name) => ({ labels: { stage: name }, value: name === stage ? 1 : 0 })),
      ),
      gauge('run_elapsed_seconds', 'Time since tasks are handed out.', one(elapsedMs / 1000)),
      gauge(
        'run_remaining_seconds',
        'Estimated time until all tasks are finished; absent while nobody can tell.',
        some(remainingMs, 1000),
      ),
      gauge(
        'run_realtime_ratio',
        'Seconds of audio converted in a second, over the last minute; absent while nothing is done.',
        some(rate),
      ),
      counter('warnings_total', 'Warnings that the run gave.', one(this.#warnings)),
    ];
  }

  #aboutTasks(state: RunState): readonly (Family | HistogramFamily)[] {
    const { tasks, done, failed, requeued, moved, deleted, audioSeconds, bytes } = state;
    return [
      gauge('tasks', 'Tasks of the run.', one(tasks)),
      counter('tasks_finished_total', 'Tasks that have ended, by result.', [
        { labels: { result: 'done' }, value: done },
        { labels: { result: 'failed' }, value: failed },
      ]),
      counter(
        'task_failures_total',
        'Tasks that failed for good, by what went wrong.',
        [...this.#failures].map(([code, value]) => ({ labels: { code }, value })),
      ),
      counter(
        'tasks_requeued_total',
        'Tasks that were handed out again because a worker was lost.',
        one(requeued),
      ),
      {
        name: `${PREFIX}task_duration_seconds`,
        help: 'Time that a worker took for an output.',
        type: 'histogram',
        buckets: this.#durations.buckets,
        sum: this.#durations.sum,
        count: this.#durations.count,
      },
      counter('audio_seconds_total', 'Audio of the outputs that are done.', one(audioSeconds)),
      counter('output_bytes_total', 'Size of the outputs that are done.', one(bytes)),
      counter('outputs_moved_total', 'Outputs that were renamed.', one(moved)),
      counter(
        'outputs_deleted_total',
        'Outputs that were deleted or put into the trash.',
        one(deleted),
      ),
    ];
  }

  #aboutAgents({ agents }: RunState): readonly Family[] {
    return [
      gauge('agents', 'Machines that work for the run.', one(agents.length)),
      counter('agents_joined_total', 'How often an agent joined.', one(this.#joined)),
      counter('agents_left_total', 'How often an agent left or was lost.', one(this.#left)),
      gauge(
        'agent_slots',
        'Outputs that a machine makes at a time.',
        agents.map(({ agent, slots }) => ({ labels: { agent }, value: slots })),
      ),
      gauge(
        'agent_busy_slots',
        'Outputs that a machine makes now.',
        agents.map(({ agent, working }) => ({ labels: { agent }, value: working.length })),
      ),
    ];
  }
}

const PREFIX = 'flac2all_';

function gauge(name: string, help: string, samples: Family['samples']): Family {
  return { name: `${PREFIX}${name}`, help, type: 'gauge', samples };
}

function counter(name: string, help: string, samples: Family['samples']): Family {
  return { name: `${PREFIX}${name}`, help, type: 'counter', samples };
}

function one(value: number): Family['samples'] {
  return [{ value }];
}

function some(value: number | null, divisor = 1): Family['samples'] {
  return value === null ? [] : one(value / divisor);
}
