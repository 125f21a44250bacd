import type { Failure } from '../lib/failure.js';

/** Why a plan that looks like an accident is shown, but not carried out. */
export type GuardCode = 'SOURCE_EMPTY' | 'OUTPUTS_MISSING' | 'TOO_MANY_DELETES';

/** What can be wrong with a plan, or with a saved one. */
export type PlanFailureCode = GuardCode | 'PLAN_FILE_INVALID';

/** A plan that looks like an accident. */
export type GuardFailure = Failure<GuardCode>;

/** A file that is no saved plan. */
export type PlanFileFailure = Failure<'PLAN_FILE_INVALID'>;
