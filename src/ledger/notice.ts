/** Something that the ledger did or found and that people should know; it changes no result. */
export interface LedgerNotice {
  readonly level: 'info' | 'warning';
  readonly code: LedgerNoticeCode;
  /** A whole sentence with the path in it. */
  readonly text: string;
}

export type LedgerNoticeCode =
  | 'LEDGER_LOCK_BROKEN'
  | 'LEDGER_SHARD_DAMAGED'
  | 'LEDGER_JOURNAL_DAMAGED'
  | 'LEDGER_OUTPUT_FINISHED'
  | 'LEDGER_OUTPUT_KEPT'
  | 'LEDGER_PART_REMOVED'
  | 'LEDGER_RECOVERY_DEFERRED';

export type OnLedgerNotice = (notice: LedgerNotice) => void;
