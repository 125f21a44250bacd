import { failedOutcome } from '../task/problem.js';
import type { Failed } from '../task/task.js';
import type { Heard, Joined, Left } from './dispatch-event.js';
import { attemptsOf } from './dispatch-state.js';
import type { AgentRecord, DispatchState, TaskRecord } from './dispatch-state.js';
import { blame, foreignAttempts, requeue, resume, SUSPECT_BLAMES } from './lease.js';
import { heartbeatInterval } from './timing.js';

/** An agent said HELLO on a new connection: it is new, or it came back. */
export function joinAgent(state: DispatchState, event: Joined, nowMs: number): void {
  const agent = state.agents.get(event.session) ?? welcome(state, event, nowMs);
  agent.heardMs = nowMs;
  agent.disconnectedMs = undefined;
  rest(state, agent, event.resting);
  state.unsettled = true;
  const held = new Set(event.held.map(({ attempt }) => attempt));
  for (const [attempt, record] of agent.leases) {
    if (!held.has(attempt)) requeue(state, record, 'lost on the way to the agent');
  }
  const foreign = new Set(foreignAttempts(state, agent, [...held]));
  for (const one of event.held) {
    if (foreign.has(one.attempt) && resume(state, agent, { held: one, nowMs })) {
      foreign.delete(one.attempt);
    }
  }
  refuse(state, agent, [...foreign]);
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
  if (heard.held !== undefined) adaptHeartbeat(state, agent);
  for (const attempt of held) {
    const record = agent.leases.get(attempt);
    if (record !== undefined) record.renewedMs = heard.nowMs;
  }
  giveBack(state, agent, returned);
  if (heard.held !== undefined) rest(state, agent, heard.resting);
  refuse(state, agent, foreignAttempts(state, agent, held));
}

/** A new interval counts from the beat after the one that it was told at; a longer one at once. */
function adaptHeartbeat(state: DispatchState, agent: AgentRecord): void {
  const wanted = heartbeatInterval(state.agents.size, state.options.timing);
  agent.heartbeatMs = Math.max(agent.toldHeartbeatMs, wanted);
  agent.toldHeartbeatMs = wanted;
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
export function loseAgent(state: DispatchState, agent: AgentRecord, reason: string): void {
  if (agent.leases.size > 0) state.vanished.set(agent.session, attemptsOf(agent));
  const blamed: TaskRecord[] = [];
  for (const record of agent.leases.values()) {
    if (!record.started || state.stopping !== 'no') continue;
    blamed.push(record);
    blame(state, record, lost(record, reason));
  }
  if (blamed.length > 0) state.lost.set(agent.session, blamed);
  removeAgent(state, agent, reason);
}

function removeAgent(state: DispatchState, agent: AgentRecord, reason: string): void {
  for (const record of agent.leases.values()) requeue(state, record, reason);
  state.agents.delete(agent.session);
  state.unsettled = true;
  state.effects.push({ type: 'gone', session: agent.session, agent: agent.name, reason });
}

function welcome(state: DispatchState, event: Joined, nowMs: number): AgentRecord {
  const { session, name, slots, lacks = new Map() } = event;
  const heartbeatMs = heartbeatInterval(state.agents.size + 1, state.options.timing);
  const agent: AgentRecord = {
    session,
    name,
    slots,
    heartbeatMs,
    toldHeartbeatMs: heartbeatMs,
    leases: new Map(),
    encoded: new Set(),
    committing: 0,
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
  state.vanished.delete(session);
  return agent;
}

/** A session that speaks again did not die, so its tasks did not kill it. */
function takeBackBlame(state: DispatchState, session: string): void {
  for (const record of state.lost.get(session) ?? []) {
    record.blames -= 1;
    if (record.blames < SUSPECT_BLAMES && state.suspects.delete(record)) {
      if (record.avoid.size > 0) state.retries.add(record);
      else state.ready.push(record.rank);
    }
  }
  state.lost.delete(session);
}

function refuse(state: DispatchState, agent: AgentRecord, attempts: readonly string[]): void {
  for (const attempt of attempts) {
    state.effects.push({ type: 'stale', session: agent.session, attempt });
  }
}

function lost(record: TaskRecord, reason: string): Failed {
  const text = `${record.worker} was lost while it made ${record.task.output}: ${reason}`;
  return failedOutcome({ class: 'crash', code: 'WORKERS_LOST', text });
}
