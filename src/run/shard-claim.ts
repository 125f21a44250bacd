import { join } from 'node:path';
import { acquireLock } from '../ledger/lock.js';
import type { Lock } from '../ledger/lock.js';
import { readLock } from '../ledger/lock-file.js';
import type { LedgerFailure } from '../ledger/failure.js';
import { livenessOf, systemProcesses } from '../ledger/process-identity.js';
import type { Clock } from '../lib/clock.js';
import type { Disk } from '../lib/disk.js';
import { errorCode } from '../lib/failure.js';
import type { Failure } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { shardsFolder } from '../plan/shard-file.js';
import type { RunEvent } from '../report/event.js';
import type { RunFailureCode } from './failure.js';

/*
 * Shards of a plan and `apply` must not make the same outputs. A shard that begins first leaves a
 * claim in the ledger's folder and then looks for the ledger's lock; `apply` takes the lock first and
 * then looks for claims. So at least one of two that begin at the same time sees the other, and
 * gives way. `collect` takes a claim away.
 */

const PREFIX = 'claim-';

/** Claims the ledger for a plan, durably; the same claim may be made often. */
export async function claimLedger(
  {
    directory,
    plan,
    id,
  }: { readonly directory: string; readonly plan: string; readonly id: string },
  disk: Disk,
): Promise<void> {
  await disk.makeDirectory(directory);
  try {
    await disk.writeNew(claimFile(directory, id), [`${plan}\n`]);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  await disk.syncDirectory(directory);
}

/** Takes the claim of a plan back. */
export async function dropClaim(directory: string, id: string, disk: Disk): Promise<void> {
  await disk.remove(claimFile(directory, id));
}

/** The plans of which shards have begun and nobody has collected; their files. */
export async function claimedPlans(directory: string, disk: Disk): Promise<readonly string[]> {
  const names = (await disk.list(directory)).filter((name) => name.startsWith(PREFIX));
  const plans: string[] = [];
  for (const name of names) {
    const plan = (await disk.readFile(join(directory, name))).toString('utf8').trimEnd();
    // Who removed the shards has given their work up.
    if ((await disk.lstat(shardsFolder(plan))) !== undefined) plans.push(plan);
  }
  return plans;
}

/** Why nothing else may make outputs now; `undefined`: no shard claims the ledger. */
export async function shardsPending(
  directory: string,
  disk: Disk,
): Promise<Failure<RunFailureCode> | undefined> {
  const [plan] = await claimedPlans(directory, disk);
  if (plan === undefined) return undefined;
  return {
    code: 'SHARDS_PENDING',
    message: `shards of the plan ${plan} have begun, and what they made is not collected`,
    hint: `when they have ended: flac2all collect ${plan}; to give up what they made: flac2all collect --discard ${plan}`,
  };
}

/** Whether a live process has the lock, as far as this machine can tell; a dead one's does not count. */
export async function isLocked(path: string, disk: Disk): Promise<boolean> {
  const seen = await readLock(disk, path);
  if (seen === undefined) return false;
  return seen.holder === undefined || livenessOf(seen.holder, systemProcesses()) !== 'dead';
}

export interface ShardLockOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly command: string;
  readonly timeoutMs: number;
  readonly emit: (event: RunEvent) => void;
}

/** Takes the lock of a shard: it is worked on, or collected, by one process at a time. */
export function lockShard(
  folder: string,
  { disk, clock, command, timeoutMs, emit }: ShardLockOptions,
): Promise<Result<Lock, LedgerFailure>> {
  return acquireLock(join(folder, 'lock'), {
    disk,
    clock,
    processes: systemProcesses(),
    command,
    timeoutMs,
    onNotice: (notice) => emit({ type: 'notice', ...notice }),
  });
}

function claimFile(directory: string, id: string): string {
  return join(directory, `${PREFIX}${id}`);
}
