import type { AbsolutePath } from '../lib/brand.js';
import type { Disk } from '../lib/disk.js';
import { ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { LedgerView } from './entry.js';
import type { LedgerFailure } from './failure.js';
import { ledgerFiles } from './files.js';
import { loadLedger } from './load.js';

/**
 * What the ledger in `directory` says, journal included. Takes no lock, writes nothing, and may run
 * beside a writer. Where there is no ledger the view is empty and its lineage `undefined`.
 */
export async function readLedger(
  directory: AbsolutePath,
  base: AbsolutePath,
  disk: Disk,
): Promise<Result<LedgerView, LedgerFailure>> {
  const loaded = await loadLedger({ files: ledgerFiles(directory), base, disk });
  return loaded.ok ? ok(loaded.value.state) : loaded;
}
