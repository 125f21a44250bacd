import { basename } from 'node:path';
import type { Ledger } from '../ledger/ledger.js';
import { openLedger } from '../ledger/open.js';
import { systemProcesses } from '../ledger/process-identity.js';
import type { Clock } from '../lib/clock.js';
import type { Disk } from '../lib/disk.js';
import type { Failure } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import type { Manifest } from '../manifest/manifest.js';
import type { RunEvent } from '../report/event.js';
import { folderOf } from './manifest-folder.js';

export interface LedgerOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  /** Who runs this, for the lock and the ledger: the command line. */
  readonly command: string;
  /** How long to wait for another run that holds the lock; 0: not at all. */
  readonly lockTimeoutMs?: number;
  readonly emit: (event: RunEvent) => void;
  /** Write all rows of the ledger anew, whether that is needed or not. */
  readonly rewrite?: boolean;
  /** Agents of other machines may still hold work of an interrupted run: their part files stay. */
  readonly keepParts?: boolean;
}

/**
 * Opens the manifest's ledger for writing, does the work, writes down that the run came to its end, and
 * closes the ledger whatever comes of that.
 */
export async function withLedger<T>(
  manifest: Manifest,
  options: LedgerOptions & { readonly run: string },
  work: (ledger: Ledger) => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  const { run, disk, clock, command, lockTimeoutMs, emit } = options;
  const started = clock.monotonic();
  const opened = await openLedger({
    directory: manifest.stateDirectory,
    base: folderOf(manifest),
    owner: basename(manifest.file),
    disk,
    clock,
    processes: systemProcesses(),
    run: { id: run, command },
    lockTimeoutMs: lockTimeoutMs ?? 0,
    onNotice: (notice) => emit({ type: 'notice', ...notice }),
    rewrite: options.rewrite === true,
    keepParts: options.keepParts === true,
  });
  if (!opened.ok) return opened;
  const ledger = opened.value;
  try {
    const done = await work(ledger);
    if (!ledger.signal.aborted) await ledger.ended(clock.monotonic() - started);
    return done;
  } finally {
    await ledger.close();
  }
}
