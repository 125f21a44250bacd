import { failedOutcome } from '../task/problem.js';
import type { Failed } from '../task/task.js';
import type { Heard, Joined, Left } from './dispatch-event.js';
import type { AgentRecord, DispatchState, TaskRecord } from './dispatch-state.js';
import { blame, foreignAttempts, requeue, SUSPECT_BLAMES } from './lease.js';
import { heartbeatInterval } from './timing.js';

/** An agent said HELLO on a new connection: it is new, or it came back. */
export function joinAgent(state: DispatchState, event: Joined, nowMs: number): void {
  const agent = state.agents.get(event.session) ?? welcome(state, event, nowMs);
  agent.heardMs = nowMs;
  agent.disconnectedMs = undefined;
  rest(state, agent, event.resting);
  state.unsettled = true;
  const held = new Set(event.held);
  for (const [attempt, record] of agent.leases) {
    if (!held.has(attempt)) requeue(state, record, 'lost on the way to the agent');
  }
  refuseForeign(state, agent, event.held);
  if (state.stopping === 'drain') state.effects.push({ type: 'drain', session: agent.session });
}

/** A sign of life; a list of attempts renews their leases. */
export function hearAgent(
  state: DispatchState,
  agent: AgentRecord,
  heard: Pick<Heard, 'held' | 'resting' | 'returned'> & { readonly nowMs: number },
): void {
  const { held = [], returned = [] } = heard;
  agent.heardMs = heard.nowMs;
  agent.disconnectedMs = undefined;
  for (const attempt of held) {
    const record = agent.leases.get(attempt);
    if (record !== undefined) record.renewedMs = heard.nowMs;
  }
  giveBack(state, agent, returned);
  if (heard.held !== undefined) rest(state, agent, heard.resting);
  refuseForeign(state, agent, held);
}

function rest(state: DispatchState, agent: AgentRecord, reason: string | undefined): void {
  if ((agent.resting === undefined) !== (reason === undefined)) {
    state.unsettled = true;
    state.effects.push({ type: 'resting', agent: agent.name, reason });
  }
  agent.resting = reason;
}

function giveBack(state: DispatchState, agent: AgentRecord, returned: readonly string[]): void {
  for (const attempt of returned) {
    const record = agent.leases.get(attempt);
    if (record !== undefined) requeue(state, record, `returned by ${agent.name}`);
  }
}

/** BYE: what was never started goes to others without blame. */
export function leaveAgent(state: DispatchState, agent: AgentRecord, event: Left): void {
  agent.mode = 'leaving';
  state.unsettled = true;
  giveBack(state, agent, event.returned);
  if (event.running === 0) removeAgent(state, agent, event.reason);
}

/**
 * The agent is gone for good, as far as anybody can tell. What it had started is blamed, unless the
 * agent said goodbye or the run is being stopped.
 */
export function loseAgent(
  state: DispatchState,
  agent: AgentRecord,
  loss: { readonly reason: string; readonly silent: boolean },
): void {
  const blamed: TaskRecord[] = [];
  for (const record of agent.leases.values()) {
    if (!record.started || state.stopping !== 'no') continue;
    blamed.push(record);
    blame(state, record, lost(record, loss.reason));
  }
  if (loss.silent && blamed.length > 0) state.silenced.set(agent.session, blamed);
  removeAgent(state, agent, loss.reason);
}

function removeAgent(state: DispatchState, agent: AgentRecord, reason: string): void {
  for (const record of agent.leases.values()) requeue(state, record, reason);
  state.agents.delete(agent.session);
  state.unsettled = true;
  state.effects.push({ type: 'gone', session: agent.session, agent: agent.name, reason });
}

function welcome(state: DispatchState, event: Joined, nowMs: number): AgentRecord {
  const { session, name, slots, lacks = new Map() } = event;
  const agent: AgentRecord = {
    session,
    name,
    slots,
    heartbeatMs: heartbeatInterval(state.agents.size + 1, state.options.timing),
    leases: new Map(),
    encoded: new Set(),
    mode: 'active',
    lacks,
    can: state.kinds.map((needs) => !needs.some((need) => lacks.has(need))),
    resting: undefined,
    heardMs: nowMs,
    disconnectedMs: undefined,
    environmentFailures: 0,
  };
  state.agents.set(session, agent);
  state.effects.push({ type: 'joined', agent: name, slots });
  takeBackBlame(state, session);
  return agent;
}

/** A session that speaks again did not die, so its tasks did not kill it. */
function takeBackBlame(state: DispatchState, session: string): void {
  for (const record of state.silenced.get(session) ?? []) {
    record.blames -= 1;
    if (record.blames < SUSPECT_BLAMES && state.suspects.delete(record)) {
      if (record.avoid.size > 0) state.retries.add(record);
      else state.ready.push(record.rank);
    }
  }
  state.silenced.delete(session);
}

function refuseForeign(state: DispatchState, agent: AgentRecord, held: readonly string[]): void {
  for (const attempt of foreignAttempts(state, agent, held)) {
    state.effects.push({ type: 'stale', session: agent.session, attempt });
  }
}

function lost(record: TaskRecord, reason: string): Failed {
  const text = `${record.worker} was lost while it made ${record.task.output}: ${reason}`;
  return failedOutcome({ class: 'crash', code: 'WORKERS_LOST', text });
}
