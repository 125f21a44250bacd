import { join } from 'node:path';

const SHARD = /^\d+-\d+\.jsonl$/;
const JOURNAL = /^(\d+)\.jsonl$/;

/** Where the parts of a ledger stand below its folder. */
export interface LedgerFiles {
  readonly directory: string;
  readonly root: string;
  readonly lock: string;
  readonly shards: string;
  readonly journals: string;
  readonly image: string;
  /** Damaged files are moved here and kept for people. */
  readonly damaged: string;
}

/** The paths of the ledger in `directory`. */
export function ledgerFiles(directory: string): LedgerFiles {
  return {
    directory,
    root: join(directory, 'ledger.json'),
    lock: join(directory, 'lock'),
    shards: join(directory, 'shards'),
    journals: join(directory, 'journal'),
    image: join(directory, 'image'),
    damaged: join(directory, 'damaged'),
  };
}

/** The journal of an epoch. */
export function journalFile(files: LedgerFiles, epoch: number): string {
  return join(files.journals, `${epoch}.jsonl`);
}

/** Whether a name in the folder of the shards is one of ours. */
export function isShardName(name: string): boolean {
  return SHARD.test(name);
}

/** The epoch in the name of a journal; `undefined` for foreign names. */
export function journalEpoch(name: string): number | undefined {
  const epoch = JOURNAL.exec(name)?.[1];
  return epoch === undefined ? undefined : Number(epoch);
}
