import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import type { Entry, LedgerView } from '../ledger/entry.js';
import { LedgerError } from '../ledger/failure.js';
import { errorMessage } from '../lib/failure.js';
import type { Failure } from '../lib/failure.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { statSize } from '../lib/stat-key.js';
import type { Manifest } from '../manifest/manifest.js';
import { trashedAt } from '../ledger/trash.js';
import type { CommitContext } from './commit.js';
import { mayRemove } from './may-remove.js';
import type { Refusal } from './edit-ledger.js';
import { removeEmptyFolders } from './empty-folders.js';
import { withLedger } from './open-ledger.js';
import type { LedgerOptions } from './open-ledger.js';

export interface CollectOptions extends LedgerOptions {
  /** What lies in the trash for at least so long is removed. */
  readonly olderThanMs: number;
  /** Asked once it is known what will be removed. */
  readonly confirm: (old: readonly Entry[]) => Promise<boolean>;
  /** Aborted: nothing more is removed. */
  readonly signal: AbortSignal;
}

export interface CollectReport {
  readonly removed: number;
  readonly bytes: number;
  readonly kept: readonly Refusal[];
  /** Outputs that are still in the trash. */
  readonly left: number;
}

/** What lies in the trash, of all or for at least so long, sorted by path. */
export function trashOf(view: LedgerView, nowMs: number, olderThanMs: number): readonly Entry[] {
  const old: Entry[] = [];
  for (const path of view.entries.keys()) {
    const at = trashedAt(path);
    const entry = at === undefined || nowMs - at < olderThanMs ? undefined : view.entries.get(path);
    if (entry !== undefined) old.push(entry);
  }
  return old.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Removes from the trash what is old enough, and only what is still what flac2all put there. */
export function collectTrash(
  manifest: Manifest,
  options: CollectOptions,
): Promise<Result<CollectReport, Failure>> {
  const { disk, clock } = options;
  const run = randomBytes(6).toString('hex');
  return withLedger(manifest, { ...options, run }, async (ledger) => {
    const old = trashOf(ledger.view, clock.now(), options.olderThanMs);
    if (!(await options.confirm(old))) {
      return err({ code: 'NOT_CONFIRMED', message: 'nothing was removed' });
    }
    const context = { ledger, run, disk, clock };
    const removed = await removeAll(old, { ...context, manifest }, options.signal);
    await removeEmptyFolders(context);
    const left = trashOf(ledger.view, clock.now(), Number.NEGATIVE_INFINITY).length;
    return ok({ ...removed, left });
  });
}

interface Removal extends CommitContext {
  readonly manifest: Manifest;
}

async function removeAll(
  old: readonly Entry[],
  context: Removal,
  signal: AbortSignal,
): Promise<Omit<CollectReport, 'left'>> {
  const kept: Refusal[] = [];
  let bytes = 0;
  let removed = 0;
  for (const entry of old) {
    if (signal.aborted) break;
    const refusal = await remove(entry, context);
    if (refusal !== undefined) kept.push({ output: entry.path, text: refusal });
    else {
      removed += 1;
      bytes += statSize(entry.output.stat);
    }
  }
  return { removed, bytes, kept };
}

/** Returns why the file was kept; `undefined` when it is gone. */
async function remove(entry: Entry, removal: Removal): Promise<string | undefined> {
  const { disk, ledger, manifest } = removal;
  const { path } = entry;
  try {
    const may = await mayRemove(entry, manifest, removal);
    if (!may.ok) return may.error;
    if (may.value) {
      await disk.remove(path);
      await disk.syncDirectory(dirname(path));
    }
  } catch (error) {
    if (error instanceof LedgerError) throw error;
    return errorMessage(error);
  }
  await ledger.dropped(path, 'deleted');
  return undefined;
}
