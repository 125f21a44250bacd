import { errorMessage } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import { validatorFor } from '../lib/schema-validator.js';
import type { Change } from './action.js';
import type { PlanFileFailure } from './failure.js';
import type { Plan } from './make-plan.js';
import type { PlanFile, PlanFileChange, PlanFileOptions, PlanFileShards } from './plan-file.gen.js';
import { isSaved } from './staleness.js';

/** What a saved plan adds to the plan itself. */
export interface PlanFileFacts {
  readonly createdAt: string;
  readonly manifest: string;
  readonly options: PlanFileOptions;
  /** Of a plan whose work was divided. */
  readonly shards?: PlanFileShards;
}

/** The plan as a file: rows with what must still be true when it is carried out. */
export function toPlanFile(plan: Plan, facts: PlanFileFacts): PlanFile {
  return {
    format: 'flac2all-plan',
    version: 1,
    ...facts,
    manifestDigest: plan.manifestDigest,
    lineage: plan.lineage ?? null,
    serial: plan.serial,
    changes: plan.changes.filter(isSaved).map(toFileChange),
  };
}

/** Reads a saved plan; `file` is for the message. */
export function parsePlanFile(text: string, file: string): Result<PlanFile, PlanFileFailure> {
  const hint = 'make a new one with `flac2all plan --out FILE`';
  try {
    const value: unknown = JSON.parse(text);
    const validate = validatorFor('plan');
    if (validate(value)) return ok(value as PlanFile);
    const first = validate.errors?.[0];
    const where = `${first?.instancePath || 'the top'} ${first?.message ?? ''}`;
    return err({
      code: 'PLAN_FILE_INVALID',
      message: `${file} is not a saved plan: ${where}`,
      hint,
    });
  } catch (error) {
    return err({
      code: 'PLAN_FILE_INVALID',
      message: `${file} is not a saved plan: ${errorMessage(error)}`,
      hint,
    });
  }
}

function toFileChange({ action, output, set, source, desired, reasons }: Change): PlanFileChange {
  return {
    action,
    output,
    set,
    source: source ?? null,
    sourceStat: desired?.source.stat ?? null,
    reasons: reasons.map(({ text }) => text),
  };
}
