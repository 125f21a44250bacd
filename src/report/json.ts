import type { Clock } from '../lib/clock.js';
import type { Failure } from '../lib/failure.js';
import { unreachable } from '../lib/unreachable.js';
import type { Change, Reason } from '../plan/action.js';
import type { Reporter, RunEvent, TaskFailed } from './event.js';
import type {
  EventLine,
  Failure as FailureLine,
  Reason as ReasonLine,
  TaskFailed as TaskFailedLine,
} from './event-line.gen.js';
import type { Output } from './output.js';

/** Rises when a field changes its meaning or goes; not when one is added. */
const FORMAT = 1;
const SCAN_PROGRESS_EVERY_MS = 1000;

/**
 * NDJSON on standard output, as schemas/event.schema.json describes it: `version` first, `exit`
 * last, paths as they are. `scan-progress` comes at most once a second.
 */
export class JsonReporter implements Reporter {
  readonly #stdout: Output;
  readonly #clock: Clock;
  #scanProgressAt = Number.NEGATIVE_INFINITY;

  constructor(stdout: Output, clock: Clock, version: string) {
    this.#stdout = stdout;
    this.#clock = clock;
    this.#write([{ type: 'version', program: 'flac2all', version, format: FORMAT }]);
  }

  report(event: RunEvent): void {
    if (event.type === 'scan-progress') {
      const now = this.#clock.monotonic();
      if (now - this.#scanProgressAt < SCAN_PROGRESS_EVERY_MS) return;
      this.#scanProgressAt = now;
    }
    this.#write(eventLines(event));
  }

  close(exitCode: number): void {
    this.#write([{ type: 'exit', code: exitCode }]);
  }

  #write(lines: readonly EventLine[]): void {
    this.#stdout.writeLines(lines.map((line) => JSON.stringify(line)));
  }
}

/** The lines of an event: one, but for a plan one for each change that it will make or tells of. */
export function eventLines(event: RunEvent): readonly EventLine[] {
  switch (event.type) {
    case 'plan':
      return event.changes.filter(isTold).map(changeLine);
    case 'failure':
      return [failureLine(event.failure)];
    case 'summary': {
      const { failures, ...rest } = event;
      return [
        { ...rest, sets: rest.sets.map((set) => ({ ...set })), failures: failures.map(failedLine) },
      ];
    }
    case 'task-failed':
      return [failedLine(event)];
    case 'file-deleted':
    case 'file-moved':
      return [{ ...event, reasons: event.reasons.map(reasonLine) }];
    case 'scan-progress':
      return [{ ...event, total: event.total ?? null }];
    case 'plan-ready':
      return [{ ...event, counts: { ...event.counts } }];
    case 'task-done':
      return [{ ...event, warnings: [...event.warnings] }];
    case 'scan-problem':
    case 'apply-started':
    case 'agent-joined':
    case 'agent-left':
    case 'task-started':
    case 'task-requeued':
    case 'file-kept':
    case 'notice':
    case 'interrupted':
    case 'run-state':
      return [{ ...event }];
    case 'answer':
      return [{ type: 'answer', kind: event.kind, data: event.data }];
    default:
      return unreachable(event);
  }
}

function isTold({ action }: Change): boolean {
  return action !== 'noop' && action !== 'touch';
}

function changeLine({ action, output, set, source, reasons }: Change): EventLine {
  return {
    type: 'change',
    action,
    output,
    set,
    source: source ?? null,
    reasons: reasons.map(reasonLine),
  };
}

function reasonLine(reason: Reason): ReasonLine {
  return { ...reason };
}

function failedLine(event: TaskFailed): TaskFailedLine {
  return { ...event };
}

function failureLine({ code, message, location, hint }: Failure): FailureLine {
  return {
    type: 'failure',
    code,
    message,
    ...(location === undefined ? {} : { location: { ...location } }),
    ...(hint === undefined ? {} : { hint }),
  };
}
