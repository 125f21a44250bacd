import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../lib/clock.js';
import type { AppendFile, Disk } from '../lib/disk.js';
import { errorCode } from '../lib/failure.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { statParts } from '../lib/stat-key.js';
import { LedgerError } from './failure.js';
import type { LedgerFailure } from './failure.js';
import { BEAT, isHeldBy, lockLine, readLock, removeLock, takeLock } from './lock-file.js';
import type { LockHolder, SeenLock } from './lock-file.js';
import type { OnLedgerNotice } from './notice.js';
import { livenessOf } from './process-identity.js';
import type { ProcessTable } from './process-identity.js';

const BEAT_MS = 10_000;
/** A lock of another machine that stood still for so long, by our own clock, is given up. */
const STALE_MS = 60_000;
const POLL_MS = 500;
const GUARD_POLL_MS = 20;
const PATIENCE_MS = 5_000;
const ABANDONED_MS = 86_400_000;

export interface LockOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly processes: ProcessTable;
  readonly command: string;
  /** How long to wait for a holder that lives or may live; 0: not at all. */
  readonly timeoutMs: number;
  readonly onNotice: OnLedgerNotice;
}

/** A lock that we hold, until somebody breaks it. */
export interface Lock {
  readonly token: string;
  /** Throws a `LedgerError` when it is ours no more. */
  check(): Promise<void>;
  /** Shows others that we live, until `signal` aborts; rejects when the lock is lost. */
  keepAlive(signal: AbortSignal): Promise<void>;
  release(): Promise<void>;
}

/** Takes the lock at `path`; breaks it when its holder is dead; fails when somebody has it. */
export async function acquireLock(
  path: string,
  options: LockOptions,
): Promise<Result<Lock, LedgerFailure>> {
  const { disk, clock, processes, command } = options;
  const token = randomBytes(8).toString('hex');
  const since = new Date(clock.now()).toISOString();
  const holder: LockHolder = { ...processes.self, token, command, since };
  const draft = { path: `${path}.${token}`, holder };
  await removeRemains(path, options);
  await disk.writeNew(draft.path, [lockLine(holder)]);
  try {
    const taken = await compete(path, draft, options);
    if (!taken.ok) return taken;
    // A breaker may move the lock away; what is appended goes to the file, not to the name.
    const file = await disk.openAppend(taken.value);
    return ok(heldLock(path, { token, file }, options));
  } finally {
    await disk.remove(draft.path);
  }
}

interface Draft {
  readonly path: string;
  readonly holder: LockHolder;
}

/** Tries until the lock is ours, or waiting makes no sense any more; the name to append to. */
async function compete(
  path: string,
  draft: Draft,
  options: LockOptions,
): Promise<Result<string, LedgerFailure>> {
  const { disk, clock, timeoutMs } = options;
  const started = clock.monotonic();
  const deadline = started + timeoutMs;
  // What should take microseconds: another one breaking, or a lock that comes and goes.
  const patience = Math.max(deadline, started + PATIENCE_MS);
  let watched: { readonly content: string; readonly since: number } | undefined;
  for (;;) {
    const taken = await takeLock(disk, path, draft);
    if (taken !== undefined) return ok(taken);
    const seen = (await readLock(disk, path)) ?? NOBODY;
    const now = clock.monotonic();
    if (watched?.content !== seen.content) watched = { content: seen.content, since: now };
    const gone = isGone(seen, now - watched.since, options);
    if (gone && (await breakLock(path, seen, { ...options, draft }))) continue;
    if (now >= (gone || seen === NOBODY ? patience : deadline)) return err(locked(path, seen));
    await clock.sleep(gone ? GUARD_POLL_MS : Math.min(POLL_MS, Math.max(1, deadline - now)));
  }
}

const NOBODY: SeenLock = { content: '', holder: undefined };

function isGone(seen: SeenLock, stillMs: number, { processes }: LockOptions): boolean {
  const liveness = seen.holder ? livenessOf(seen.holder, processes) : 'elsewhere';
  return liveness === 'dead' || (liveness === 'elsewhere' && stillMs >= STALE_MS);
}

/**
 * Two that find the same dead lock must not take each other's new one away: who breaks holds the
 * guard, a lock of its own, and looks again under it. `false`: somebody else is at it.
 */
async function breakLock(
  path: string,
  dead: SeenLock,
  options: LockOptions & { readonly draft: Draft },
): Promise<boolean> {
  const { disk, draft, onNotice } = options;
  const guard = `${path}.breaker`;
  if ((await takeLock(disk, guard, draft)) === undefined) {
    const other = await readLock(disk, guard);
    if (other === undefined || !isGone(other, 0, options)) return false;
    await removeLock(disk, guard, other);
    return true;
  }
  try {
    const now = await readLock(disk, path);
    if (now?.content !== dead.content) return true;
    await removeLock(disk, path, dead);
    const text = `broke the lock ${path}: ${describe(dead)} is gone`;
    onNotice({ level: 'warning', code: 'LEDGER_LOCK_BROKEN', text });
    return true;
  } finally {
    await disk.remove(guard);
  }
}

function heldLock(
  path: string,
  { token, file }: { readonly token: string; readonly file: AppendFile },
  { disk, clock }: LockOptions,
): Lock {
  const check = async (): Promise<void> => {
    if (!(await isHeldBy(disk, path, token))) throw new LedgerError(await fenced(disk, path));
  };
  return {
    token,
    check,
    async keepAlive(signal) {
      while (!signal.aborted) {
        await clock.sleep(BEAT_MS, signal).catch(() => undefined);
        if (signal.aborted) return;
        await check();
        await file.append(BEAT);
        await file.sync();
      }
    },
    async release() {
      await file.close();
      const seen = await readLock(disk, path);
      if (seen?.holder?.token === token) await removeLock(disk, path, seen);
    },
  };
}

/** Removes what processes left behind that died while they asked for the lock or broke one. */
async function removeRemains(path: string, options: LockOptions): Promise<void> {
  const { disk } = options;
  const folder = dirname(path);
  for (const name of await disk.list(folder)) {
    if (!name.startsWith(`${basename(path)}.`)) continue;
    const file = join(folder, name);
    const seen = await readLock(disk, file);
    if (seen && (await isAbandoned(file, seen, options))) await removeLock(disk, file, seen);
  }
}

/** Its process is dead, or it was never finished and is old. */
async function isAbandoned(
  file: string,
  { holder }: SeenLock,
  { disk, clock, processes }: LockOptions,
): Promise<boolean> {
  if (holder !== undefined) return livenessOf(holder, processes) === 'dead';
  const there = await disk.lstat(file);
  if (there === undefined) return false;
  return clock.now() - Number(statParts(there.stat).mtimeNs / 1_000_000n) > ABANDONED_MS;
}

function locked(path: string, seen: SeenLock): LedgerFailure {
  return {
    code: 'LEDGER_LOCKED',
    message: `the ledger is locked (${path}): ${describe(seen)}`,
    hint: `wait for it with --lock-timeout, or, when you are sure that it is gone, remove ${path}`,
  };
}

async function fenced(disk: Disk, path: string): Promise<LedgerFailure> {
  const seen = await readLock(disk, path).catch((error: unknown) => {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  });
  const by = seen === undefined ? 'it was removed' : `now held by ${describe(seen)}`;
  return {
    code: 'LEDGER_FENCED',
    message: `the lock ${path} was taken away: ${by}`,
    hint: 'everything recorded before is safe; run the same command again when the other one is done',
  };
}

function describe({ holder }: SeenLock): string {
  if (holder === undefined) return 'an unknown process';
  const { command, pid, host, user, since } = holder;
  return `\`${command}\`, process ${pid} of ${user} on ${host}, since ${since}`;
}
