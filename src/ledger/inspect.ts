import type { AbsolutePath } from '../lib/brand.js';
import type { Disk } from '../lib/disk.js';
import { ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { LedgerView } from './entry.js';
import type { LedgerFailure } from './failure.js';
import { ledgerFiles } from './files.js';
import { loadLedger } from './load.js';

/** What a ledger is made of. */
export interface LedgerAnatomy {
  readonly view: LedgerView;
  readonly directory: string;
  /** Rows of each shard, those that newer ones override included; oldest first. */
  readonly shards: readonly { readonly file: string; readonly rows: number }[];
  readonly journals: readonly string[];
  /** Outputs that a run is at work on, or that one left unfinished. */
  readonly unfinished: number;
  /** Rows that may be adopted by checksum, and are neither overwritten nor deleted before. */
  readonly unverified: number;
  /** Files that cannot be trusted. */
  readonly damaged: readonly string[];
  /** Files that were damaged, set aside for people. */
  readonly setAside: readonly string[];
}

/** Takes a ledger apart. Takes no lock, writes nothing. */
export async function inspectLedger(
  directory: AbsolutePath,
  base: AbsolutePath,
  disk: Disk,
): Promise<Result<LedgerAnatomy, LedgerFailure>> {
  const files = ledgerFiles(directory);
  const loaded = await loadLedger({ files, base, disk });
  if (!loaded.ok) return loaded;
  const { state, root, damagedShards, damagedJournals } = loaded.value;
  return ok({
    view: state,
    directory,
    shards: (root?.root.shards ?? []).map(({ file, rows }) => ({ file, rows })),
    journals: (root?.root.journals ?? []).map((epoch) => `${epoch}.jsonl`),
    unfinished: new Set([...state.staged.keys(), ...state.leases.keys()]).size,
    unverified: countUnverified(state),
    damaged: [
      ...damagedShards.map((file) => `shards/${file}`),
      ...damagedJournals.map((epoch) => `journal/${epoch}.jsonl`),
    ],
    setAside: await disk.list(files.damaged),
  });
}

function countUnverified({ entries }: LedgerView): number {
  let count = 0;
  for (const path of entries.keys()) if (entries.glance(path)?.unverified === true) count += 1;
  return count;
}
