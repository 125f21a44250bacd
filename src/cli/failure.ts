import type { Failure } from '../lib/failure.js';

export type CliFailureCode = 'USAGE' | 'FILE_EXISTS' | 'FILE_UNREADABLE' | 'FILE_UNWRITABLE';

/** The command line is wrong: exit code 64. */
export type UsageFailure = Failure<'USAGE'>;
