import { statSize } from '../lib/stat-key.js';
import type { Exit } from './child.js';
import { findCause } from './cause.js';
import { timeLimitMs } from './attempt.js';
import type { Attempt } from './attempt.js';
import { watchGrowth } from './growth.js';
import { runLine } from './line.js';
import type { Line } from './line.js';
import { cancelled, problem } from './problem.js';
import type { Problem } from './problem.js';

const STALL_MS = 5 * 60 * 1000;

/** How a line ended, and what was wrong with it. */
export interface LineEnd {
  readonly exits: readonly Exit[];
  readonly problem: Problem | undefined;
}

type Programs = Omit<Line, 'signal' | 'onRunning'>;

/** Runs the programs of an attempt under its time limit. Its own abort is `CANCELLED`, whatever died of it. */
export async function runPrograms(attempt: Attempt, line: Programs): Promise<LineEnd> {
  const limitMs = timeLimitMs(attempt.inspection, statSize(attempt.task.source.stat));
  const late = AbortSignal.timeout(limitMs);
  const signal = AbortSignal.any([attempt.signal, late]);
  const exits = await runLine({ ...line, signal, onRunning: attempt.onRunning });
  if (attempt.signal.aborted) return { exits, problem: cancelled() };
  if (late.aborted) {
    return { exits, problem: hung(attempt, exits, `did not end within ${minutes(limitMs)}`) };
  }
  return { exits, problem: findCause(exits, attempt.task.source.path) };
}

/** The same for programs that write the part file: when it stops growing they hang. */
export async function runEncoder(attempt: Attempt, line: Programs): Promise<LineEnd> {
  const { task, stallMs = STALL_MS } = attempt;
  const watch = watchGrowth(task.part, stallMs);
  const signal = AbortSignal.any([attempt.signal, watch.stalled]);
  const end = await runPrograms({ ...attempt, signal }, line);
  watch.dispose();
  if (attempt.signal.aborted || !watch.stalled.aborted) return end;
  return { ...end, problem: hung(attempt, end.exits, `made nothing for ${minutes(stallMs)}`) };
}

function minutes(ms: number): string {
  return ms < 60_000 ? `${ms / 1000} seconds` : `${Math.round(ms / 60_000)} minutes`;
}

function hung(attempt: Attempt, exits: readonly Exit[], what: string): Problem {
  const names = exits.map((exit) => exit.name).join(' and ');
  return problem({
    class: 'crash',
    code: 'ENCODER_KILLED',
    text: `${attempt.task.source.path}: ${names} ${what} and were stopped`,
    stderrTail: exits.at(-1)?.stderrTail ?? '',
  });
}
