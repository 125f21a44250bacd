import type { Failure } from '../lib/failure.js';

export type RunFailureCode = 'PLAN_STALE' | 'BIND_REFUSED' | 'NOT_CONFIRMED' | 'NO_SUCH_PATH';

export type RunFailure = Failure<RunFailureCode>;
