import { dirname } from 'node:path';
import type { AbsolutePath, Sha256 } from '../lib/brand.js';
import { errorCode, errorMessage } from '../lib/failure.js';
import type { Disk } from '../lib/disk.js';
import type { StatKey } from '../lib/stat-key.js';
import { statSize } from '../lib/stat-key.js';
import type { StagedRecord } from './entry.js';
import type { OnLedgerNotice } from './notice.js';
import type { JournalRecord } from './record.js';
import type { LedgerState } from './state.js';

export interface Recovery {
  readonly disk: Disk;
  readonly state: LedgerState;
  /** What to end: outputs that are leased or staged. */
  readonly outputs: ReadonlySet<AbsolutePath>;
  /** Parts that may come to exist later, by output: their leases stay. */
  readonly kept?: ReadonlyMap<AbsolutePath, ReadonlySet<AbsolutePath>>;
  /** Resolves when the record is durable and applied to `state`. */
  readonly write: (record: JournalRecord) => Promise<void>;
  readonly onNotice: OnLedgerNotice;
}

/**
 * Ends what an interrupted run left open: finishes the renames that were about to be made, removes
 * part files. What it cannot reach (a disk that is not mounted, no permission) stays open for the
 * next time. Every step is durable before it is recorded, so that it may be interrupted itself.
 */
export async function recover(recovery: Recovery): Promise<void> {
  for (const output of recovery.outputs) {
    try {
      await recoverOutput(recovery, output);
    } catch (error) {
      const code = errorCode(error);
      // Only an output's own trouble is put off; a ledger that cannot be written is not.
      if (code === undefined) throw error;
      defer(recovery, output, errorMessage(error));
    }
  }
}

async function recoverOutput(recovery: Recovery, output: AbsolutePath): Promise<void> {
  const { disk, state, write } = recovery;
  const folder = dirname(output);
  const staged = state.staged.get(output);
  if ((await disk.lstat(folder)) === undefined) {
    if (staged !== undefined)
      defer(recovery, output, 'its folder is missing; is the disk mounted?');
    return;
  }
  const finished = staged !== undefined && (await finish(recovery, staged));
  await removeParts(recovery, output);
  await disk.syncDirectory(folder);
  if (finished) await write({ kind: 'done', output, stat: await statOf(disk, output) });
  const kept = [...(recovery.kept?.get(output) ?? [])];
  const isOpen =
    state.staged.has(output) ||
    [...(state.leases.get(output) ?? [])].some((part) => !kept.includes(part));
  if (isOpen) await write({ kind: 'released', output });
  const missing = kept.filter((part) => state.leases.get(output)?.has(part) !== true);
  await Promise.all(missing.map((part) => write({ kind: 'leased', output, part })));
}

/** Brings the staged file to its place, where that is right; says whether it stands there now. */
async function finish(recovery: Recovery, staged: StagedRecord): Promise<boolean> {
  const { disk, onNotice } = recovery;
  const { entry, part } = staged;
  const { stat, sha256 } = entry.output;
  if (await holds(disk, entry.path, { stat, sha256 })) return true;
  if (!(await holds(disk, part, { stat, sha256 }))) return false;
  if (!(await isAsBefore(recovery, staged))) {
    const text = `kept ${entry.path}: somebody else changed it while a run was interrupted`;
    onNotice({ level: 'warning', code: 'LEDGER_OUTPUT_KEPT', text });
    return false;
  }
  await disk.rename(part, entry.path);
  const text = `finished ${entry.path}, which an interrupted run had staged`;
  onNotice({ level: 'info', code: 'LEDGER_OUTPUT_FINISHED', text });
  if (dirname(part) !== dirname(entry.path)) await disk.syncDirectory(dirname(part));
  return true;
}

/** Nothing there, what was there when it was staged, or still the file of the ledger's row. */
async function isAsBefore({ disk, state }: Recovery, staged: StagedRecord): Promise<boolean> {
  const { path } = staged.entry;
  const now = await disk.lstat(path);
  if (now === undefined || (now.kind === 'file' && now.stat === staged.before)) return true;
  const row = state.entries.get(path);
  return row !== undefined && holds(disk, path, row.output);
}

/** Only parts that were leased: their names are of our making. */
async function removeParts(recovery: Recovery, output: AbsolutePath): Promise<void> {
  const { disk, state, onNotice } = recovery;
  for (const part of state.leases.get(output) ?? []) {
    if ((await disk.lstat(part)) === undefined) continue;
    await disk.remove(part);
    const text = `removed ${part}, left by an interrupted run`;
    onNotice({ level: 'info', code: 'LEDGER_PART_REMOVED', text });
  }
}

async function holds(
  disk: Disk,
  path: AbsolutePath,
  file: { readonly stat: StatKey; readonly sha256: Sha256 },
): Promise<boolean> {
  const there = await disk.lstat(path);
  if (there?.kind !== 'file' || statSize(there.stat) !== statSize(file.stat)) return false;
  return (await disk.sha256(path)) === file.sha256;
}

async function statOf(disk: Disk, path: AbsolutePath): Promise<StatKey> {
  const there = await disk.lstat(path);
  if (there === undefined) throw Object.assign(new Error(`${path} vanished`), { code: 'ENOENT' });
  return there.stat;
}

function defer({ onNotice }: Recovery, output: AbsolutePath, why: string): void {
  const text = `could not finish what an interrupted run began with ${output}: ${why}`;
  onNotice({ level: 'warning', code: 'LEDGER_RECOVERY_DEFERRED', text });
}
