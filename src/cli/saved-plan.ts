import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Failure } from '../lib/failure.js';
import { errorMessage } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err } from '../lib/result.js';
import type { PlanFile } from '../plan/plan-file.gen.js';
import { parsePlanFile } from '../plan/plan-file.js';

/** Reads the saved plan that a command line names. */
export function readSavedPlan(name: string, cwd: string): Result<PlanFile, Failure> {
  const file = resolve(cwd, name);
  try {
    return parsePlanFile(readFileSync(file, 'utf8'), file);
  } catch (error) {
    const message = `cannot read the plan ${file}: ${errorMessage(error)}`;
    return err({ code: 'FILE_UNREADABLE', message });
  }
}
