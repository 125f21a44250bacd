import { errorCode, errorMessage } from '../lib/failure.js';
import type { Failure } from '../lib/failure.js';

export type LedgerFailureCode =
  | 'LEDGER_UNREADABLE'
  | 'LEDGER_NEWER'
  | 'LEDGER_FOREIGN'
  | 'LEDGER_LOCKED'
  | 'LEDGER_FENCED'
  | 'LEDGER_WRITE_FAILED';

export type LedgerFailure = Failure<LedgerFailureCode>;

/** What the methods of an open ledger reject with: a failure that can only be met on the way. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly failure: LedgerFailure;

  constructor(failure: LedgerFailure) {
    super(failure.message, { cause: failure.cause });
    this.failure = failure;
  }
}

/** Turns what a disk operation threw into a failure; throws it again when it is a bug. */
export function writeFailure(error: unknown, directory: string): LedgerFailure {
  if (error instanceof LedgerError) return error.failure;
  if (errorCode(error) === undefined) throw error;
  return {
    code: 'LEDGER_WRITE_FAILED',
    message: `cannot write the ledger in ${directory}: ${errorMessage(error)}`,
    hint: 'what was recorded so far is safe; make room or give access, then run the same command again',
    cause: error,
  };
}

/** The ledger is there and cannot be understood. `reason` completes the sentence. */
export function unreadable(file: string, reason: string, cause?: unknown): LedgerFailure {
  return {
    code: 'LEDGER_UNREADABLE',
    message: `cannot read the ledger ${file}: ${reason}`,
    hint: 'restore its folder from a backup, or move the folder away and begin a new ledger with --overwrite-unmanaged; nothing was changed',
    ...(cause === undefined ? {} : { cause }),
  };
}

/** Two manifests in one folder would each take the other's outputs for unwanted. */
export function foreignLedger(
  { owner: recorded }: { readonly owner: string | undefined },
  { directory, owner }: { readonly directory: string; readonly owner: string },
): LedgerFailure | undefined {
  if (recorded === undefined || recorded === owner) return undefined;
  return {
    code: 'LEDGER_FOREIGN',
    message: `the ledger in ${directory} belongs to the manifest ${recorded}, not to ${owner}`,
    hint: `give each manifest a folder of its own; if ${recorded} was only renamed, rename it back, or move ${directory} away and let \`flac2all adopt\` take what was made into a new ledger`,
  };
}
