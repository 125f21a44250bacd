import { formatWorkingHours, isWorkingTime } from './working-hours.js';
import type { WorkingHours } from './working-hours.js';

/** When an agent works, and for how long. */
export interface AgentLimits {
  /** Above this load of the last minute it takes nothing more. */
  readonly maxLoad?: number | undefined;
  /** It works only then; local time. */
  readonly hours?: readonly WorkingHours[] | undefined;
  /** It is gone after so long, counted from its start. */
  readonly lifetimeMs?: number | undefined;
  /** With nothing to do for so long it leaves. */
  readonly idleMs?: number | undefined;
}

/** What an agent knows of itself and its machine at a moment. */
export interface AgentMoment {
  /** Wall clock. */
  readonly nowMs: number;
  /** Of the machine, over the last minute. */
  readonly load: number;
  /** Since its start. */
  readonly ageMs: number;
  /** Since it had anything to do. */
  readonly idleMs: number;
  /** Of the longest task so far. */
  readonly longestMs: number;
}

/** `drain`: finish what runs and leave. `end`: leave at once. */
export type Duty =
  | { readonly kind: 'work' }
  | { readonly kind: 'rest'; readonly reason: string }
  | { readonly kind: 'drain'; readonly reason: string }
  | { readonly kind: 'end'; readonly reason: string };

/** Room for a task that takes longer than those so far; never more than half of the lifetime. */
const MARGIN = 2;
const LEAST_MARGIN_MS = 60_000;
/** How long leaving takes, at most this share of the lifetime. */
const FAREWELL_MS = 5000;
const FAREWELL_SHARE = 0.1;

/** What an agent should do now: life comes before hours, hours before load. */
export function dutyOf(limits: AgentLimits, moment: AgentMoment): Duty {
  const { maxLoad, hours, idleMs } = limits;
  const { nowMs, load } = moment;
  const life = lifeOf(limits, moment);
  if (life !== undefined) return life;
  if (hours !== undefined && !isWorkingTime(hours, nowMs)) {
    return { kind: 'rest', reason: `it works from ${formatWorkingHours(hours)}` };
  }
  if (idleMs !== undefined && moment.idleMs >= idleMs) {
    return { kind: 'drain', reason: `nothing to do for ${seconds(idleMs)} (--idle)` };
  }
  if (maxLoad !== undefined && load > maxLoad) {
    // The number itself changes all the time, and is no news.
    return { kind: 'rest', reason: `its load is above ${maxLoad}` };
  }
  return { kind: 'work' };
}

function lifeOf({ lifetimeMs }: AgentLimits, { ageMs, longestMs }: AgentMoment): Duty | undefined {
  if (lifetimeMs === undefined) return undefined;
  const farewellMs = Math.min(FAREWELL_MS, lifetimeMs * FAREWELL_SHARE);
  const marginMs = Math.min(lifetimeMs / 2, Math.max(LEAST_MARGIN_MS, longestMs * MARGIN));
  const reason = `its ${seconds(lifetimeMs)} are over (--lifetime)`;
  if (ageMs >= lifetimeMs - farewellMs) return { kind: 'end', reason };
  if (ageMs >= lifetimeMs - marginMs) return { kind: 'drain', reason };
  return undefined;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
