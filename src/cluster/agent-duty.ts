import type { Clock } from '../lib/clock.js';
import { dutyOf } from './agent-limits.js';
import type { AgentLimits } from './agent-limits.js';
import type { AgentSession } from './agent-session.js';

/** What an agent's limits are measured by. */
export interface DutyOptions {
  readonly limits: AgentLimits;
  readonly clock: Clock;
  /** Of the machine, over the last minute. */
  readonly load: () => number;
  readonly ended: AbortSignal;
}

const EVERY_MS = 1000;

/** Keeps a session to its limits until it ends: looks once before it returns, then every second. */
export async function keepDuty(session: AgentSession, options: DutyOptions): Promise<void> {
  const { limits, clock, load, ended } = options;
  if (Object.values(limits).every((limit) => limit === undefined)) return;
  const startMs = clock.monotonic();
  let busyMs = startMs;
  while (!ended.aborted) {
    const atMs = clock.monotonic();
    if (session.isBusy) busyMs = atMs;
    const duty = dutyOf(limits, {
      nowMs: clock.now(),
      load: load(),
      ageMs: atMs - startMs,
      idleMs: atMs - busyMs,
      longestMs: session.longestMs,
    });
    session.rest(duty.kind === 'rest' ? duty.reason : undefined);
    if (duty.kind === 'drain') session.drain(duty.reason);
    if (duty.kind === 'end') session.end({ reason: 'drained', text: duty.reason });
    await clock.sleep(EVERY_MS, ended).catch(() => undefined);
  }
}
