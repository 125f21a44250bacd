import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Execute } from '../cluster/contract.js';
import type { LedgerView } from '../ledger/entry.js';
import { ledgerFiles } from '../ledger/files.js';
import type { Lock } from '../ledger/lock.js';
import { readLedger } from '../ledger/read.js';
import { SideJournal } from '../ledger/side-journal.js';
import type { AbsolutePath } from '../lib/brand.js';
import type { Clock } from '../lib/clock.js';
import type { Disk } from '../lib/disk.js';
import type { Failure } from '../lib/failure.js';
import { errorCode, errorMessage } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { PlanFile } from '../plan/plan-file.gen.js';
import type { ShardFile } from '../plan/shard-file.gen.js';
import { parseShardFile, shardFolder, tasksFile } from '../plan/shard-file.js';
import type { RunEvent, Summary } from '../report/event.js';
import type { Task } from '../task/task.js';
import type { DividedTask } from './divide-plan.js';
import { claimLedger, dropClaim, isLocked, lockShard } from './shard-claim.js';
import { ShardRun } from './shard-run.js';
import { VERSION } from './version.js';

export interface RunShardOptions {
  /** Path of the saved plan, and the shard's number, from 1. */
  readonly file: string;
  readonly index: number;
  readonly plan: PlanFile;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly command: string;
  readonly slots: number;
  readonly execute: Execute;
  readonly emit: (event: RunEvent) => void;
  readonly lockTimeoutMs: number;
  readonly drain: AbortSignal;
  readonly abort: AbortSignal;
}

export interface ShardReport {
  readonly summary: Summary;
  /** Outputs of the shard that are whole, those of earlier runs included. */
  readonly made: number;
  readonly tasks: number;
}

/**
 * Makes what one shard of a plan has to make: part files beside the outputs, each written down in the
 * shard's own journal when it is whole. Renames nothing and does not write the ledger; `collect` does.
 * What an earlier run of the shard has made is not made again.
 */
export async function runShard(options: RunShardOptions): Promise<Result<ShardReport, Failure>> {
  const { file, index, plan } = options;
  const known = plan.shards;
  if (known === undefined) return err(undivided(file));
  if (index < 1 || index > known.count) return err(unknownShard(file, index, known.count));
  const folder = shardFolder(file, index);
  const early = readShard(folder, known.id);
  if (!early.ok) return early;
  let lock: Result<Lock, Failure>;
  try {
    lock = await lockShard(folder, { ...options, timeoutMs: options.lockTimeoutMs });
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? err(collected(folder)) : unwritable(error, folder);
  }
  if (!lock.ok) return err(busy(lock.error, index));
  const beating = new AbortController();
  const alive = lock.value.keepAlive(beating.signal).catch(() => undefined);
  try {
    // Whoever had the lock may have collected the shard.
    const shard = readShard(folder, known.id);
    return shard.ok ? await underLock(shard.value, lock.value, { ...options, folder }) : shard;
  } finally {
    beating.abort();
    await alive;
    await lock.value.release();
  }
}

async function underLock(
  shard: ShardFile,
  lock: Lock,
  options: RunShardOptions & { readonly folder: string },
): Promise<Result<ShardReport, Failure>> {
  const { disk, clock, command, folder, file } = options;
  const { plan: id, stateDirectory: directory } = shard;
  const base = shard.base as AbsolutePath;
  const before = await claimsOf(directory, disk);
  await claimLedger({ directory, plan: file, id }, disk);
  const fit = await checkLedger(shard, disk);
  if (!fit.ok) {
    // A claim that was there before is for what is not collected yet.
    if (!before.includes(id)) await dropClaim(directory, id, disk);
    return fit;
  }
  const run = randomBytes(6).toString('hex');
  const at = new Date(clock.now()).toISOString();
  const head = { kind: 'run', id: run, command, host: hostname(), pid: process.pid, at } as const;
  const journal = await SideJournal.begin({ folder, base, disk }, lock, head);
  try {
    const tasks = shard.tasks.map((one): DividedTask => ({
      ...one,
      task: { ...(one.task as unknown as Task), part: '' as AbsolutePath },
    }));
    const lineage = shard.lineage ?? '';
    const context = { ...options, journal, run, lineage, failures: fit.value.failures };
    return ok(await new ShardRun(tasks, context).work());
  } finally {
    await journal.close();
  }
}

async function claimsOf(directory: string, disk: Disk): Promise<readonly string[]> {
  return (await disk.list(directory)).map((name) => name.replace(/^claim-/, ''));
}

/** Whether the plan still fits: nobody has written the ledger since, and nobody is about to. */
async function checkLedger(
  { stateDirectory, base, lineage, serial }: ShardFile,
  disk: Disk,
): Promise<Result<LedgerView, Failure>> {
  const { lock } = ledgerFiles(stateDirectory);
  if (await isLocked(lock, disk)) {
    const message = `a run is at work on the ledger in ${stateDirectory}; a shard must not begin beside it`;
    const hint = 'run the shard again when that has ended; the plan may be stale then';
    return err({ code: 'LEDGER_LOCKED', message, hint });
  }
  const read = await readLedger(stateDirectory as AbsolutePath, base as AbsolutePath, disk);
  if (!read.ok) return read;
  const { serial: now, lineage: of } = read.value;
  return now === serial && (lineage === null || lineage === of) ? read : err(stale());
}

function readShard(folder: string, plan: string): Result<ShardFile, Failure> {
  const file = tasksFile(folder);
  try {
    const shard = parseShardFile(readFileSync(file, 'utf8'), { file, program: VERSION });
    if (!shard.ok || shard.value.plan === plan) return shard;
    const message = `${file} belongs to another plan`;
    return err({
      code: 'PLAN_FILE_INVALID',
      message,
      hint: 'the plan was made anew; use that one',
    });
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return err(collected(folder));
    return unwritable(error, file);
  }
}

function unwritable(error: unknown, path: string): Result<never, Failure> {
  if (errorCode(error) === undefined) throw error;
  const message = `cannot use ${path}: ${errorMessage(error)}`;
  return err({ code: 'SHARD_UNKNOWN', message, cause: error });
}

function busy(failure: Failure, index: number): Failure {
  return { ...failure, message: failure.message.replace('the ledger is', `shard ${index} is`) };
}

function undivided(file: string): Failure {
  const message = `${file} has no shards`;
  return { code: 'SHARD_UNKNOWN', message, hint: `flac2all plan --out ${file} --shards N` };
}

function unknownShard(file: string, index: number, count: number): Failure {
  const message = `${file} has shards 1 to ${count}, and no shard ${index}`;
  return { code: 'SHARD_UNKNOWN', message };
}

function collected(folder: string): Failure {
  return {
    code: 'PLAN_STALE',
    message: `${join(folder, 'tasks.json')} is gone: the plan was collected, or made anew`,
    hint: 'what is still to do is in the next plan',
  };
}

function stale(): Failure {
  return {
    code: 'PLAN_STALE',
    message: 'the saved plan is stale: the ledger has changed since it was made',
    hint: 'what is still to do is in the next `flac2all plan --out FILE --shards N`',
  };
}
