import type { Failure } from '../lib/failure.js';

/** Why a whole source set cannot be scanned: nothing may be concluded about any of its files. */
export type SourceFailureCode =
  | 'SOURCE_ROOT_MISSING'
  | 'SOURCE_ROOT_NOT_DIRECTORY'
  | 'SOURCE_ROOT_UNREADABLE'
  | 'SOURCE_SENTINEL_MISSING';

/** An error that stops the plan. */
export type SourceFailure = Failure<SourceFailureCode>;

/** What is wrong with one source; the `code` of a `SourceProblem`. */
export type SourceProblemCode =
  'SOURCE_UNREADABLE' | 'NOT_FLAC' | 'TRUNCATED_HEADER' | 'INVALID_HEADER';
