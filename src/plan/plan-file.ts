import { errorMessage } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import { compileSchema, readSchema } from '../lib/schema-validator.js';
import type { Change } from './action.js';
import type { PlanFileFailure } from './failure.js';
import type { Plan } from './make-plan.js';
import type { PlanFile, PlanFileChange, PlanFileOptions } from './plan-file.gen.js';

/** What a saved plan adds to the plan itself. */
export interface PlanFileFacts {
  readonly createdAt: string;
  readonly manifest: string;
  readonly options: PlanFileOptions;
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
    changes: plan.changes.filter(isShown).map(toFileChange),
  };
}

/** Reads a saved plan; `file` is for the message. */
export function parsePlanFile(text: string, file: string): Result<PlanFile, PlanFileFailure> {
  const hint = 'make a new one with `flac2all plan --out FILE`';
  try {
    const value: unknown = JSON.parse(text);
    const validate = compileSchema(readSchema('plan'));
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

/**
 * What has moved since the plan was saved, a line each; empty: it may be carried out. A plan is for
 * one ledger state, so it cannot be applied twice.
 */
export function staleness(saved: PlanFile, now: Plan): readonly string[] {
  if (saved.manifestDigest !== now.manifestDigest) return ['the manifest has changed'];
  const otherLedger = saved.lineage !== null && saved.lineage !== now.lineage;
  if (saved.serial !== now.serial || otherLedger) {
    return ['the ledger has changed: the plan was applied already, or another apply came between'];
  }
  const before = new Map(saved.changes.map((change) => [change.output, change]));
  const lines: string[] = [];
  for (const change of now.changes.filter(isShown).map(toFileChange)) {
    const old = before.get(change.output);
    before.delete(change.output);
    if (old === undefined) lines.push(`${change.output}: now to ${change.action}`);
    else if (old.action !== change.action)
      lines.push(`${change.output}: ${old.action} -> ${change.action}`);
    else if (old.sourceStat !== change.sourceStat)
      lines.push(`${change.output}: its source has changed`);
  }
  for (const old of before.values()) lines.push(`${old.output}: nothing to ${old.action} any more`);
  return lines;
}

/** `touch` rows are bookkeeping: neither saved nor compared. */
function isShown({ action }: Change): boolean {
  return action !== 'touch';
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
