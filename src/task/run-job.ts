import { statSize } from '../lib/stat-key.js';
import type { Exit } from './child.js';
import { findCause } from './cause.js';
import { timeLimitMs } from './job.js';
import type { Job } from './job.js';
import { runLine } from './line.js';
import type { Line } from './line.js';
import { cancelled, problem } from './problem.js';
import type { Problem } from './problem.js';

/** How a line ended, and what was wrong with it. */
export interface LineEnd {
  readonly exits: readonly Exit[];
  readonly problem: Problem | undefined;
}

/** Runs the programs of a job under its time limit. Its own abort is `CANCELLED`, whatever died of it. */
export async function runJob(job: Job, line: Omit<Line, 'signal' | 'onStart'>): Promise<LineEnd> {
  const limitMs = timeLimitMs(job.inspection, statSize(job.task.source.stat));
  const late = AbortSignal.timeout(limitMs);
  const signal = AbortSignal.any([job.signal, late]);
  const exits = await runLine({ ...line, signal, onStart: job.onStart });
  if (job.signal.aborted) return { exits, problem: cancelled() };
  if (late.aborted) return { exits, problem: hung(job, exits, limitMs) };
  return { exits, problem: findCause(exits, job.task.source.path) };
}

function hung(job: Job, exits: readonly Exit[], limitMs: number): Problem {
  const names = exits.map((exit) => exit.name).join(' and ');
  return problem({
    class: 'crash',
    code: 'ENCODER_KILLED',
    text: `${job.task.source.path}: ${names} did not end within ${Math.round(limitMs / 60_000)} minutes and were stopped`,
    stderrTail: exits.at(-1)?.stderrTail ?? '',
  });
}
