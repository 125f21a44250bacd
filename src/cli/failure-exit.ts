import type { ClusterFailureCode } from '../cluster/failure.js';
import type { LedgerFailureCode } from '../ledger/failure.js';
import type { ManifestFailureCode } from '../manifest/failure.js';
import type { MonitorFailureCode } from '../monitor/failure.js';
import type { PlanFailureCode } from '../plan/failure.js';
import type { ProviderFailureCode } from '../providers/failure.js';
import type { RunFailureCode } from '../run/failure.js';
import type { SourceFailureCode } from '../sources/failure.js';
import { EXIT } from './exit-code.js';
import type { ExitCode } from './exit-code.js';
import type { CliFailureCode } from './failure.js';

/** Every failure that can end a command. */
type FailureCode =
  | CliFailureCode
  | ManifestFailureCode
  | SourceFailureCode
  | LedgerFailureCode
  | PlanFailureCode
  | ClusterFailureCode
  | ProviderFailureCode
  | MonitorFailureCode
  | RunFailureCode;

const EXIT_OF_FAILURE = {
  USAGE: EXIT.usage,
  FILE_EXISTS: EXIT.error,
  FILE_UNREADABLE: EXIT.error,
  FILE_UNWRITABLE: EXIT.error,
  MANIFEST_MISSING: EXIT.manifestInvalid,
  MANIFEST_NOT_A_FILE: EXIT.manifestInvalid,
  MANIFEST_UNREADABLE: EXIT.manifestInvalid,
  MANIFEST_TOO_LARGE: EXIT.manifestInvalid,
  MANIFEST_EMPTY: EXIT.manifestInvalid,
  MANIFEST_NOT_TEXT: EXIT.manifestInvalid,
  MANIFEST_SYNTAX: EXIT.manifestInvalid,
  MANIFEST_VERSION: EXIT.manifestInvalid,
  MANIFEST_UNKNOWN_KEY: EXIT.manifestInvalid,
  MANIFEST_MISSING_KEY: EXIT.manifestInvalid,
  MANIFEST_BAD_VALUE: EXIT.manifestInvalid,
  MANIFEST_UNKNOWN_NAME: EXIT.manifestInvalid,
  MANIFEST_USELESS_KEY: EXIT.manifestInvalid,
  MANIFEST_EXTENDS: EXIT.manifestInvalid,
  MANIFEST_BAD_PATH: EXIT.manifestInvalid,
  MANIFEST_BAD_PATTERN: EXIT.manifestInvalid,
  MANIFEST_BAD_LAYOUT: EXIT.manifestInvalid,
  MANIFEST_OVERLAP: EXIT.manifestInvalid,
  MANIFEST_ENCODER_MISSING: EXIT.manifestInvalid,
  SOURCE_ROOT_MISSING: EXIT.guarded,
  SOURCE_ROOT_NOT_DIRECTORY: EXIT.guarded,
  SOURCE_ROOT_UNREADABLE: EXIT.guarded,
  SOURCE_SENTINEL_MISSING: EXIT.guarded,
  SOURCE_EMPTY: EXIT.guarded,
  OUTPUTS_MISSING: EXIT.guarded,
  TOO_MANY_DELETES: EXIT.guarded,
  LEDGER_UNREADABLE: EXIT.ledgerUnusable,
  LEDGER_NEWER: EXIT.ledgerUnusable,
  LEDGER_FOREIGN: EXIT.ledgerUnusable,
  LEDGER_LOCKED: EXIT.locked,
  LEDGER_FENCED: EXIT.locked,
  LEDGER_WRITE_FAILED: EXIT.error,
  PLAN_FILE_INVALID: EXIT.error,
  PLAN_STALE: EXIT.planStale,
  NOT_CONFIRMED: EXIT.error,
  NO_SUCH_PATH: EXIT.error,
  NO_WORKERS: EXIT.error,
  SHARDS_PENDING: EXIT.locked,
  SHARD_UNKNOWN: EXIT.error,
  BIND_FAILED: EXIT.error,
  ENDPOINT_FAILED: EXIT.error,
  KEY_MISSING: EXIT.error,
  KEY_UNREADABLE: EXIT.error,
  KEY_UNSAFE: EXIT.error,
  KEY_NOT_MASTER: EXIT.error,
  KEY_UNWRITABLE: EXIT.error,
  KEY_NAME_TAKEN: EXIT.error,
  KEY_NAME_UNKNOWN: EXIT.error,
  DOOR_OPEN: EXIT.error,
  AGENT_LOST: EXIT.error,
  PROVIDER_MISSING: EXIT.error,
  PROVIDER_FAILED: EXIT.error,
  PROVIDER_TIMEOUT: EXIT.error,
  PILOT_FOLDER: EXIT.error,
  METRICS_PORT_FAILED: EXIT.error,
  RUN_LOST: EXIT.error,
} as const satisfies Record<FailureCode, ExitCode>;

/** The exit code of a failure; 1 for a code that nobody knows. */
export function exitOfFailure(code: string): ExitCode {
  const codes: Readonly<Record<string, ExitCode>> = EXIT_OF_FAILURE;
  return Object.hasOwn(codes, code) ? (codes[code] ?? EXIT.error) : EXIT.error;
}
