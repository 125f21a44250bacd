import type { Failure } from '../lib/failure.js';

export type RunFailureCode =
  'PLAN_STALE' | 'PLAN_FILE_UNREADABLE' | 'WORKERS_UNAVAILABLE' | 'NOT_CONFIRMED' | 'NO_SUCH_PATH';

export type RunFailure = Failure<RunFailureCode>;
