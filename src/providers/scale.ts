import type { PilotId } from './provider.js';

/** A pilot that has not ended. `pending` and `started` ones have not joined the master yet. */
export interface PilotView {
  readonly id: PilotId;
  readonly phase: 'pending' | 'started' | 'joined' | 'draining';
  readonly submittedMs: number;
}

/** All that decides how many pilots a provider shall have. Times are monotonic milliseconds. */
export interface ScaleState {
  readonly min: number;
  readonly max: number;
  /** Tasks of one pilot at a time. */
  readonly slots: number;
  readonly pilots: readonly PilotView[];
  /** Tasks that are neither done nor failed. */
  readonly openTasks: number;
  /** Slots of all workers that are not this provider's. */
  readonly otherSlots: number;
  /** One task on one slot, as measured; `undefined`: none is done. */
  readonly meanTaskMs: number | undefined;
  /** From submission to joining, as measured; `undefined`: none has joined. */
  readonly waitMs: number | undefined;
  /** Pilots and submissions that failed one after another, with no pilot joining between them. */
  readonly failures: number;
  readonly lastSubmitMs: number | undefined;
}

export interface ScaleDecision {
  readonly submit: number;
  /** These are not needed any more: those that wait never start, the others finish what they have. */
  readonly drain: readonly PilotId[];
}

/** Pilots that die before they join, one after another, are enough to stop submitting. */
export const MAX_FAILURES = 3;
/** What is assumed until something is measured. */
const FIRST_TASK_MS = 5000;
const FIRST_WAIT_MS = 30_000;
/** The work is spread over so many pilots that it takes at least this long, */
const SHORTEST_MS = 60_000;
/** however long pilots wait for their start. */
const LONGEST_MS = 300_000;
/** Between two submissions; doubled with each failure. */
const PAUSE_MS = 1000;

/**
 * How many pilots to ask for and which to let go. Never more than `max`, never more than there are
 * tasks, pending ones counted. Grows when the work will last longer than a new pilot waits; shrinks
 * only when there are more slots than tasks, so that noise in the measurements moves nothing.
 */
export function scale(state: ScaleState, nowMs: number): ScaleDecision {
  // The run is over, which ends all pilots.
  if (state.openTasks === 0) return NOTHING;
  const staying = state.pilots.filter(({ phase }) => phase !== 'draining');
  const least = Math.min(state.min, state.openTasks);
  const most = Math.max(least, mostUseful(state));
  if (staying.length > most) {
    return { submit: 0, drain: surplus(staying, staying.length - most) };
  }
  if (!maySubmit(state, nowMs)) return NOTHING;
  const wanted = Math.min(most, Math.max(least, staying.length, wantedBySpeed(state, staying)));
  return { submit: wanted - staying.length, drain: [] };
}

const NOTHING: ScaleDecision = { submit: 0, drain: [] };

/** More would have slots without tasks. */
function mostUseful({ max, slots, openTasks, otherSlots }: ScaleState): number {
  return Math.min(max, Math.ceil(Math.max(0, openTasks - otherSlots) / slots));
}

function maySubmit({ failures, lastSubmitMs }: ScaleState, nowMs: number): boolean {
  if (failures >= MAX_FAILURES) return false;
  return lastSubmitMs === undefined || nowMs - lastSubmitMs >= PAUSE_MS * 2 ** failures;
}

/** Depends on work and speed alone, not on how many there are: asking twice asks for no more. */
function wantedBySpeed(state: ScaleState, staying: readonly PilotView[]): number {
  const { slots, openTasks, otherSlots } = state;
  const workMs = openTasks * (state.meanTaskMs ?? FIRST_TASK_MS);
  const waitMs = state.waitMs ?? FIRST_WAIT_MS;
  const capacity = otherSlots + slots * staying.length;
  // Done before a new pilot would begin.
  if (capacity > 0 && workMs / capacity <= Math.min(waitMs, LONGEST_MS)) return 0;
  const spreadMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, waitMs));
  return Math.max(capacity === 0 ? 1 : 0, Math.ceil((workMs / spreadMs - otherSlots) / slots));
}

const COST_OF_LOSS = { pending: 0, started: 1, joined: 2, draining: 3 } as const;

/** First those that lose least: who waits before who works, the youngest first. */
function surplus(pilots: readonly PilotView[], count: number): readonly PilotId[] {
  return pilots
    .toSorted(
      (a, b) => COST_OF_LOSS[a.phase] - COST_OF_LOSS[b.phase] || b.submittedMs - a.submittedMs,
    )
    .slice(0, count)
    .map(({ id }) => id);
}
