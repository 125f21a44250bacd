import type { Failure } from '../lib/failure.js';

export type RunFailureCode = 'PLAN_STALE' | 'NO_WORKERS' | 'NOT_CONFIRMED' | 'NO_SUCH_PATH';

export type RunFailure = Failure<RunFailureCode>;
