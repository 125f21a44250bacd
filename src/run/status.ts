import type { RunSummary } from '../ledger/run-log.js';
import { statSize } from '../lib/stat-key.js';
import type { Action } from '../plan/action.js';
import { decideAll } from '../plan/make-plan.js';
import { isTrashed } from '../ledger/trash.js';
import type { Planned } from './plan.js';

/** How one output set stands. Counts of outputs; bytes of those that the ledger knows, without the trash. */
export interface SetStatus {
  readonly set: string;
  readonly upToDate: number;
  readonly stale: number;
  readonly failed: number;
  readonly drifted: number;
  readonly conflicts: number;
  readonly orphaned: number;
  readonly trashed: number;
  readonly bytes: number;
}

export interface Status {
  readonly sets: readonly SetStatus[];
  /** The last runs that wrote into the ledger, newest first. */
  readonly runs: readonly RunSummary[];
  readonly sources: number;
  /** What the scan could not take; no output stands for it. */
  readonly problems: number;
}

type Column = Exclude<keyof SetStatus, 'set' | 'bytes' | 'trashed'>;

const COLUMNS: Readonly<Record<Action, Column>> = {
  noop: 'upToDate',
  touch: 'upToDate',
  create: 'stale',
  update: 'stale',
  repair: 'stale',
  retag: 'stale',
  move: 'stale',
  adopt: 'stale',
  skip: 'failed',
  error: 'failed',
  drift: 'drifted',
  conflict: 'conflicts',
  delete: 'orphaned',
  orphan: 'orphaned',
  forget: 'orphaned',
};

/** Adds a plan up by output set. */
export function statusOf({ input, observation }: Planned): Status {
  const sets = new Map<string, { -readonly [Key in keyof SetStatus]: SetStatus[Key] }>();
  const of = (set: string) => {
    const known = sets.get(set);
    if (known !== undefined) return known;
    const fresh = {
      set,
      upToDate: 0,
      stale: 0,
      failed: 0,
      drifted: 0,
      conflicts: 0,
      orphaned: 0,
      trashed: 0,
      bytes: 0,
    };
    sets.set(set, fresh);
    return fresh;
  };
  for (const { name } of input.manifest.outputs) of(name);
  for (const change of decideAll(input)) of(change.set)[COLUMNS[change.action]] += 1;
  for (const entry of input.ledger.entries.values()) {
    const row = of(entry.set);
    if (isTrashed(entry.path)) row.trashed += 1;
    else row.bytes += statSize(entry.output.stat);
  }
  const runs = input.ledger.runs.toReversed();
  const { sources, problems } = observation;
  return { sets: [...sets.values()], runs, sources, problems };
}
