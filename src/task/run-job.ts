import { statSize } from '../lib/stat-key.js';
import type { Exit } from './child.js';
import { findCause } from './cause.js';
import { timeLimitMs } from './job.js';
import type { Job } from './job.js';
import { runLine } from './line.js';
import type { Line } from './line.js';
import { cancelled, problem } from './problem.js';
import type { Problem } from './problem.js';

/** How a line ended: what was wrong with it, and what the last program said. */
export interface LineEnd {
  readonly problem: Problem | undefined;
  readonly stderrTail: string;
}

/** Runs the programs of a job under its time limit. Its own abort is `CANCELLED`, whatever died of it. */
export async function runJob(job: Job, line: Omit<Line, 'signal' | 'onStart'>): Promise<LineEnd> {
  const limitMs = timeLimitMs(job.inspection, statSize(job.task.source.stat));
  const late = AbortSignal.timeout(limitMs);
  const signal = AbortSignal.any([job.signal, late]);
  const exits = await runLine({ ...line, signal, onStart: job.onStart });
  const stderrTail = exits.at(-1)?.stderrTail ?? '';
  if (job.signal.aborted) return { problem: cancelled(), stderrTail };
  if (late.aborted) return { problem: hung(job, exits, limitMs), stderrTail };
  return { problem: findCause(exits, job.task.source.path), stderrTail };
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
