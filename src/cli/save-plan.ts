import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Failure } from '../lib/failure.js';
import { errorCode, errorMessage } from '../lib/failure.js';
import { ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { Manifest } from '../manifest/manifest.js';
import type { PlanFileOptions, PlanFileShards } from '../plan/plan-file.gen.js';
import { toPlanFile } from '../plan/plan-file.js';
import { formatCounted } from '../report/format.js';
import { countWork } from '../report/plan-summary.js';
import type { Planned } from '../run/plan.js';
import type { CommandContext, OptionValues } from './command.js';
import type { PLAN_OPTIONS } from './common-options.js';
import type { UsageFailure } from './failure.js';
import type { Session } from './session.js';

type PlanValues = OptionValues<typeof PLAN_OPTIONS>;

interface SaveValues extends PlanValues {
  readonly out: string | undefined;
  readonly shards: number | undefined;
}

/** Where a plan is saved from. */
interface Saving {
  readonly session: Session;
  readonly context: CommandContext;
  readonly manifest: Manifest;
}

/** What is wrong with `--shards`, if anything. */
export function shardsProblem({
  out,
  shards,
}: Pick<SaveValues, 'out' | 'shards'>): UsageFailure | undefined {
  if (shards === undefined || out !== undefined) return undefined;
  const message = '--shards divides a saved plan, and none is saved';
  return { code: 'USAGE', message, hint: 'add --out FILE, on a disk that all machines see' };
}

/** Writes the plan where that was asked for; returns what went wrong. */
export async function savePlan(
  planned: Planned,
  values: SaveValues,
  { session, context, manifest }: Saving,
): Promise<Failure | undefined> {
  if (values.out === undefined) return undefined;
  const file = resolve(context.cwd, values.out);
  const facts = {
    createdAt: new Date(context.clock.now()).toISOString(),
    manifest: manifest.file,
    options: savedOptions(values),
  };
  try {
    const divided =
      values.shards === undefined
        ? ok(undefined)
        : await divideAs(values.shards, planned, { file, manifest, session });
    if (!divided.ok) return divided.error;
    const shards = divided.value === undefined ? {} : { shards: divided.value };
    const saved = toPlanFile(planned.plan, { ...facts, ...shards });
    writeFileSync(file, `${JSON.stringify(saved, undefined, 1)}\n`);
    return undefined;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    const message = `cannot write the plan to ${file}: ${errorMessage(error)}`;
    return { code: 'FILE_UNWRITABLE', message };
  }
}

/** Says what is in the shards and what is not. */
async function divideAs(
  count: number,
  planned: Planned,
  { file, manifest, session }: Omit<Saving, 'context'> & { readonly file: string },
): Promise<Result<PlanFileShards, Failure>> {
  const { writeShards } = await import('../run/divide-plan.js');
  const written = writeShards(planned, { file, count, manifest });
  if (!written.ok) return written;
  const { tasks } = written.value;
  const rest = countWork(planned.plan.counts) - tasks;
  const later =
    rest > 0 ? `; ${formatCounted(rest, 'other change')} are for the apply after collect` : '';
  const text = `${formatCounted(tasks, 'output')} to make in ${formatCounted(count, 'shard')}${later}`;
  session.emit({ type: 'notice', level: 'info', code: 'SHARDS_WRITTEN', text });
  return written;
}

/** The plan's options as the library takes them. */
export function planOptions(values: PlanValues): {
  readonly targets: readonly string[];
  readonly retryFailed: boolean;
  readonly overwriteUnmanaged: boolean;
} {
  return {
    targets: values.target,
    retryFailed: values['retry-failed'],
    overwriteUnmanaged: values['overwrite-unmanaged'],
  };
}

function savedOptions(values: PlanValues): PlanFileOptions {
  const { targets, ...flags } = planOptions(values);
  const limit = values['max-delete'];
  return { targets: [...targets], ...flags, ...(limit === undefined ? {} : { maxDelete: limit }) };
}
