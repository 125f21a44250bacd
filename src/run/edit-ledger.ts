import { randomBytes } from 'node:crypto';
import type { Entry, LedgerView } from '../ledger/entry.js';
import type { Ledger } from '../ledger/ledger.js';
import type { AbsolutePath } from '../lib/brand.js';
import type { Failure } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { Manifest } from '../manifest/manifest.js';
import { withLedger } from './open-ledger.js';
import type { LedgerOptions } from './open-ledger.js';

/** A row that changes while no file does. */
export interface RowEdit {
  readonly entry: Entry;
  /** The row from now on, maybe of another path; `undefined`: there is none any more. */
  readonly now: Entry | undefined;
  /** What changes, for people. */
  readonly text: string;
}

/** A row that was asked for and stays as it is. */
export interface Refusal {
  readonly output: AbsolutePath;
  readonly text: string;
}

/** What would be written into the ledger. */
export interface Proposal {
  readonly edits: readonly RowEdit[];
  readonly refused: readonly Refusal[];
  /** Folders that stand elsewhere now; they stay ours. */
  readonly folders?: ReadonlyMap<AbsolutePath, AbsolutePath>;
}

export interface EditOptions extends LedgerOptions {
  /** Looks, and says what to write; nothing is written before `confirm` agrees. */
  readonly propose: (view: LedgerView) => Promise<Result<Proposal, Failure>>;
  readonly confirm: (proposal: Proposal) => Promise<boolean>;
}

/** Changes rows of the ledger, under its lock, without touching any output. */
export function editLedger(
  manifest: Manifest,
  options: EditOptions,
): Promise<Result<Proposal, Failure>> {
  const run = randomBytes(6).toString('hex');
  return withLedger(manifest, { ...options, run }, async (ledger) => {
    const proposed = await options.propose(ledger.view);
    if (!proposed.ok) return proposed;
    if (!(await options.confirm(proposed.value))) {
      return err({ code: 'NOT_CONFIRMED', message: 'nothing was changed' });
    }
    await writeEdits(proposed.value, ledger);
    return ok(proposed.value);
  });
}

/** The new row first: a crash between the two leaves a row too many, which the next plan forgets. */
async function writeEdits({ edits, folders }: Proposal, ledger: Ledger): Promise<void> {
  const rows = edits.flatMap(({ now }) => now ?? []);
  await Promise.all(rows.map((row) => ledger.updated(row)));
  const ended = edits.filter(({ entry, now }) => entry.path !== now?.path);
  await Promise.all(ended.map(({ entry }) => ledger.dropped(entry.path, 'forgotten')));
  if (folders === undefined || folders.size === 0) return;
  await ledger.madeDirectories([...folders.values()]);
  await ledger.removedDirectories([...folders.keys()]);
}
