import type { AgentRecord, DispatchState } from './dispatch-state.js';
import { loseAgent } from './fleet.js';
import { requeue } from './lease.js';

/** Ends what is overdue. After the master itself stood still, everybody gets the lost time back. */
export function checkDeadlines(state: DispatchState, nowMs: number): void {
  const { clockGapMs, probeMs } = state.options.timing;
  const sinceTickMs = nowMs - state.lastTickMs;
  state.lastTickMs = nowMs;
  if (sinceTickMs > clockGapMs) extendAll(state, sinceTickMs);
  for (const agent of state.agents.values()) {
    const overdue = whyOverdue(state, agent, nowMs);
    if (overdue === undefined) endForgottenLeases(state, agent, nowMs);
    else loseAgent(state, agent, overdue);
  }
  const { awaitedUntilMs, expecting } = state;
  if (nowMs >= awaitedUntilMs + (expecting > 0 ? probeMs : 0)) stopWaiting(state);
}

/** Nobody who has them came in time: they go to whoever asks. */
function stopWaiting(state: DispatchState): void {
  if (state.awaited.size === 0) return;
  for (const record of state.awaited) state.ready.push(record.rank);
  state.awaited.clear();
  state.unsettled = true;
}

function extendAll(state: DispatchState, ms: number): void {
  state.abortedMs += ms;
  state.awaitedUntilMs += ms;
  if (state.stuckSinceMs !== undefined) state.stuckSinceMs += ms;
  for (const agent of state.agents.values()) {
    agent.heardMs += ms;
    if (agent.disconnectedMs !== undefined) agent.disconnectedMs += ms;
    for (const record of agent.leases.values()) record.renewedMs += ms;
  }
}

function whyOverdue(state: DispatchState, agent: AgentRecord, nowMs: number): string | undefined {
  const { graceMs, reconnectMs } = state.options.timing;
  if (agent.disconnectedMs !== undefined && nowMs - agent.disconnectedMs > reconnectMs) {
    return 'the connection ended';
  }
  const quietMs = nowMs - agent.heardMs;
  if (quietMs > 3 * agent.heartbeatMs + graceMs) {
    return `silent for ${Math.round(quietMs / 1000)} s`;
  }
  return undefined;
}

function endForgottenLeases(state: DispatchState, agent: AgentRecord, nowMs: number): void {
  for (const [attempt, record] of agent.leases) {
    if (nowMs - record.renewedMs <= state.options.timing.leaseMs) continue;
    requeue(state, record, `${agent.name} does not mention it any more`);
    state.effects.push({ type: 'cancel', session: agent.session, attempt });
  }
}
