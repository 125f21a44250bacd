import type { Failure } from '../lib/failure.js';

export type RunFailureCode =
  | 'SHARDS_PENDING'
  | 'SHARD_UNKNOWN'
  | 'PLAN_STALE'
  | 'NO_WORKERS'
  | 'NOT_CONFIRMED'
  | 'NO_SUCH_PATH';

export type RunFailure = Failure<RunFailureCode>;
