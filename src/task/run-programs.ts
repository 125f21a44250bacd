import { statSize } from '../lib/stat-key.js';
import type { Exit } from './child.js';
import { findCause } from './cause.js';
import { timeLimitMs } from './attempt.js';
import type { Attempt } from './attempt.js';
import { runLine } from './line.js';
import type { Line } from './line.js';
import { cancelled, problem } from './problem.js';
import type { Problem } from './problem.js';

/** How a line ended, and what was wrong with it. */
export interface LineEnd {
  readonly exits: readonly Exit[];
  readonly problem: Problem | undefined;
}

/** Runs the programs of an attempt under its time limit. Its own abort is `CANCELLED`, whatever died of it. */
export async function runPrograms(
  attempt: Attempt,
  line: Omit<Line, 'signal' | 'onStart'>,
): Promise<LineEnd> {
  const limitMs = timeLimitMs(attempt.inspection, statSize(attempt.task.source.stat));
  const late = AbortSignal.timeout(limitMs);
  const signal = AbortSignal.any([attempt.signal, late]);
  const exits = await runLine({ ...line, signal, onStart: attempt.onStart });
  if (attempt.signal.aborted) return { exits, problem: cancelled() };
  if (late.aborted) return { exits, problem: hung(attempt, exits, limitMs) };
  return { exits, problem: findCause(exits, attempt.task.source.path) };
}

function hung(attempt: Attempt, exits: readonly Exit[], limitMs: number): Problem {
  const names = exits.map((exit) => exit.name).join(' and ');
  return problem({
    class: 'crash',
    code: 'ENCODER_KILLED',
    text: `${attempt.task.source.path}: ${names} did not end within ${Math.round(limitMs / 60_000)} minutes and were stopped`,
    stderrTail: exits.at(-1)?.stderrTail ?? '',
  });
}
