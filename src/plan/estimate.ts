import { statSize } from '../lib/stat-key.js';
import type { Action, Change } from './action.js';
import { audioSeconds } from './audio-length.js';
import type { Pace } from './codec-pace.js';

/** What a plan will take. */
export interface PlanEstimate {
  /** Size of the sources that are read to make outputs, and their length where it is known. */
  readonly sourceBytes: number;
  readonly audioSeconds: number;
  /** Size of the outputs that are deleted. */
  readonly deletedBytes: number;
  /** Of one worker, in milliseconds; `null`: a codec has made nothing yet, so nobody knows. */
  readonly workMs: number | null;
}

const MADE: ReadonlySet<Action> = new Set(['create', 'update', 'repair']);

/** Whether an output is made from its source. */
export function isMade(action: Action): boolean {
  return MADE.has(action);
}

/** Adds up what the changes take. Retagged, moved and copied files count as nothing. */
export function estimatePlan(changes: readonly Change[], pace: Pace): PlanEstimate {
  let sourceBytes = 0;
  let totalSeconds = 0;
  let deletedBytes = 0;
  let workMs: number | null = 0;
  for (const change of changes) {
    const { action, desired } = change;
    if (action === 'delete') deletedBytes += changeBytes(change);
    if (!isMade(action) || desired === undefined) continue;
    sourceBytes += changeBytes(change);
    if (desired.sidecar) continue;
    const seconds = audioSeconds(desired.source);
    const known = pace.get(desired.set.profile.codec);
    totalSeconds += seconds;
    if (known === undefined) workMs = null;
    else if (workMs !== null) workMs += known.fileMs + known.secondMs * seconds;
  }
  return { sourceBytes, audioSeconds: totalSeconds, deletedBytes, workMs };
}

/** Size of what a change is about: the source of an output that is made, else the output that is there. */
export function changeBytes({
  action,
  desired,
  entry,
}: Pick<Change, 'action' | 'desired' | 'entry'>): number {
  if (isMade(action)) return desired === undefined ? 0 : statSize(desired.source.stat);
  return entry === undefined ? 0 : statSize(entry.output.stat);
}
