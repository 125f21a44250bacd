/** What the exit codes of flac2all mean; scripts rely on them. */
export const EXIT = {
  /** Done, or nothing to do. */
  ok: 0,
  error: 1,
  /** Changes are pending (`plan --detailed-exitcode`). */
  changesPending: 2,
  /** The run finished; a person is needed: failures now or before, conflicts, drift. */
  someFailed: 3,
  /** Only what needs a person is pending (`plan --detailed-exitcode`); `verify` found something. */
  attentionPending: 4,
  /** The plan is stale or was applied already. */
  planStale: 5,
  manifestInvalid: 6,
  /** The ledger is unreadable or of a newer version. */
  ledgerUnusable: 10,
  /** Another run holds the lock. */
  locked: 11,
  /** A safety guard stopped the plan. */
  guarded: 12,
  /** The command line is wrong. */
  usage: 64,
  /** SIGINT; the ledger is consistent. */
  interrupted: 130,
  /** SIGTERM; the ledger is consistent. */
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
