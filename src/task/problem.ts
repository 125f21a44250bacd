import { errorCode, errorMessage } from '../lib/failure.js';
import type { Failed, FailureClass, TaskFailureCode } from './task.js';

/** Why a task came to nothing: a `Failed` outcome without the time it took. */
export type Problem = Omit<Failed, 'status' | 'ms'>;

interface Parts {
  readonly class: FailureClass;
  readonly code: TaskFailureCode;
  readonly text: string;
  readonly stderrTail?: string;
}

/** Builds a problem; `stderrTail` is what the program that failed said last. */
export function problem(parts: Parts): Problem {
  return { stderrTail: '', ...parts };
}

/** The outcome of a task that came to nothing; `ms` is the time that it took. */
export function failedOutcome(parts: Parts, ms = 0): Failed {
  return { status: 'failed', ...problem(parts), ms };
}

const NO_SPACE = new Set(['ENOSPC', 'EDQUOT']);

/** Whether something could not be written for want of room, or for another reason. */
export function writeFailureCode(error: unknown): 'NO_SPACE' | 'WRITE_FAILED' {
  return NO_SPACE.has(errorCode(error) ?? '') ? 'NO_SPACE' : 'WRITE_FAILED';
}

/** A system error while making or writing `path`. What is no system error is thrown on: a bug. */
export function writeProblem(error: unknown, path: string): Problem {
  if (errorCode(error) === undefined) throw error;
  return problem({
    class: 'environment',
    code: writeFailureCode(error),
    text: `${path}: cannot write: ${errorMessage(error)}`,
  });
}

/** A system error while reading the source at `path`. */
export function readProblem(error: unknown, path: string): Problem {
  if (errorCode(error) === undefined) throw error;
  const gone = errorCode(error) === 'ENOENT';
  return problem({
    class: gone ? 'changed' : 'environment',
    code: gone ? 'SOURCE_CHANGED' : 'SOURCE_UNREADABLE',
    text: `${path}: cannot read: ${errorMessage(error)}`,
  });
}

/** The agent was told to stop. */
export function cancelled(): Problem {
  return problem({ class: 'cancelled', code: 'CANCELLED', text: 'stopped before it was finished' });
}
