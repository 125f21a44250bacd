import type { JournalRecord, RunRecord } from './record.js';
import { isTrashed } from './trash.js';

/** A run that wrote into the ledger, as people ask for it afterwards. */
export type RunSummary = {
  readonly id: string;
  /** The command line. */
  readonly command: string;
  readonly host: string;
  /** When it began: ISO 8601, UTC. */
  readonly at: string;
  /** Wall clock in milliseconds; absent: it was killed, or is at work now. */
  readonly ms?: number;
  /** Outputs that it put into place: made, retagged or moved. */
  readonly done: number;
  readonly failed: number;
  /** Outputs that it deleted or put into the trash. */
  readonly deleted: number;
};

/** How many runs are remembered: a month of nights. */
const RUNS_KEPT = 31;

/** The runs after a record; oldest first. */
export function logged(runs: readonly RunSummary[], record: JournalRecord): readonly RunSummary[] {
  const last = runs.at(-1);
  if (record.kind === 'run') return [...runs, begun(record)].slice(-RUNS_KEPT);
  if (last === undefined) return runs;
  const next = counted(last, record);
  return next === last ? runs : [...runs.slice(0, -1), next];
}

function begun({ id, command, host, at }: RunRecord): RunSummary {
  return { id, command, host, at, done: 0, failed: 0, deleted: 0 };
}

function counted(run: RunSummary, record: JournalRecord): RunSummary {
  if (record.kind === 'done' && !isTrashed(record.output)) return { ...run, done: run.done + 1 };
  if (record.kind === 'failed') return { ...run, failed: run.failed + 1 };
  if (record.kind === 'dropped' && record.why === 'deleted') {
    return { ...run, deleted: run.deleted + 1 };
  }
  return record.kind === 'ended' ? { ...run, ms: record.ms } : run;
}
