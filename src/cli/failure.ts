import type { Failure } from '../lib/failure.js';

export type CliFailureCode = 'USAGE';

/** The command line is wrong: exit code 64. */
export type UsageFailure = Failure<CliFailureCode>;
