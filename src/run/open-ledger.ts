import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import type { LedgerFailure } from '../ledger/failure.js';
import type { Ledger } from '../ledger/ledger.js';
import { openLedger } from '../ledger/open.js';
import { systemProcesses } from '../ledger/process-identity.js';
import type { Clock } from '../lib/clock.js';
import type { Disk } from '../lib/disk.js';
import type { Result } from '../lib/result.js';
import { ok } from '../lib/result.js';
import type { Manifest } from '../manifest/manifest.js';
import type { RunEvent } from '../report/event.js';
import { folderOf } from './manifest-folder.js';

/** What every command needs that writes into the ledger. */
export interface WriteOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly emit: (event: RunEvent) => void;
  /** Who runs this, for the lock and the ledger: the command line. */
  readonly command: string;
  /** How long to wait for another run that holds the lock; 0: not at all. */
  readonly lockTimeoutMs?: number;
}

/** A ledger that is open for one run. */
export interface OpenRun {
  readonly ledger: Ledger;
  readonly run: string;
}

/** Opens the manifest's ledger for writing. Whoever opened it closes it. */
export async function openForRun(
  manifest: Manifest,
  options: WriteOptions & { readonly rewrite?: boolean },
): Promise<Result<OpenRun, LedgerFailure>> {
  const run = randomBytes(6).toString('hex');
  const opened = await openLedger({
    directory: manifest.stateDirectory,
    base: folderOf(manifest),
    owner: basename(manifest.file),
    disk: options.disk,
    clock: options.clock,
    processes: systemProcesses(),
    run: { id: run, command: options.command },
    lockTimeoutMs: options.lockTimeoutMs ?? 0,
    onNotice: (notice) => options.emit({ type: 'notice', ...notice }),
    rewrite: options.rewrite === true,
  });
  return opened.ok ? ok({ ledger: opened.value, run }) : opened;
}

/**
 * Opens the ledger, does `work` with it, writes down that the run came to an end, and closes the
 * ledger whatever happens.
 */
export async function withLedger<T, F>(
  manifest: Manifest,
  options: WriteOptions & { readonly rewrite?: boolean },
  work: (open: OpenRun) => Promise<Result<T, F>>,
): Promise<Result<T, F | LedgerFailure>> {
  const started = options.clock.monotonic();
  const opened = await openForRun(manifest, options);
  if (!opened.ok) return opened;
  const { ledger } = opened.value;
  try {
    const done = await work(opened.value);
    if (!ledger.signal.aborted) await ledger.ended(options.clock.monotonic() - started);
    return done;
  } finally {
    await ledger.close();
  }
}
