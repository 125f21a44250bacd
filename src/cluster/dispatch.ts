import { unreachable } from '../lib/unreachable.js';
import { failedOutcome } from '../task/problem.js';
import { checkDeadlines } from './deadlines.js';
import type { DispatchEvent, Effect, Started } from './dispatch-event.js';
import type { AgentRecord, DispatchState } from './dispatch-state.js';
import { hearAgent, joinAgent, leaveAgent, loseAgent } from './fleet.js';
import { handOut } from './hand-out.js';
import { fail, requeue, start } from './lease.js';
import { takeCommitted, takeReport } from './outcome.js';
import { failStranded, failStuck, tellUntakable } from './stranded.js';

/**
 * The decisions of the master: who runs what, what counts, what is tried again. No I/O, no clock, no
 * chance: the same events at the same times give the same effects. Changes `state` in place.
 * `nowMs` is monotonic.
 */
export function dispatch(
  state: DispatchState,
  event: DispatchEvent,
  nowMs: number,
): readonly Effect[] {
  state.effects = [];
  apply(state, event, nowMs);
  if (state.unsettled && !state.finished) settle(state, nowMs);
  else {
    const agent = state.agents.get(speaker(state, event));
    if (agent !== undefined) handOut(state, agent, nowMs);
  }
  if (!state.finished && isOver(state, nowMs)) {
    state.finished = true;
    state.effects.push({ type: 'finished' });
  }
  return state.effects;
}

/** Whose share of the work an event may have changed. */
function speaker(state: DispatchState, event: DispatchEvent): string {
  if ('session' in event) return event.session;
  return event.type === 'committed' ? (state.tasks.get(event.task)?.session ?? '') : '';
}

function apply(state: DispatchState, event: DispatchEvent, nowMs: number): void {
  switch (event.type) {
    case 'joined':
      joinAgent(state, event, nowMs);
      return;
    case 'committed':
      takeCommitted(state, event);
      return;
    case 'expecting':
      state.expecting += 1;
      return;
    case 'expected':
      state.expecting -= 1;
      return;
    case 'tick':
      checkDeadlines(state, nowMs);
      failStuck(state, nowMs);
      return;
    case 'drain':
      drain(state);
      return;
    case 'abort':
      abort(state, nowMs);
      return;
    case 'exhausted':
      state.exhausted = event.failed;
      state.unsettled = true;
      return;
    case 'reported':
      takeReport(state, event, nowMs);
      return;
    default: {
      const agent = state.agents.get(event.session);
      if (agent !== undefined) applyToAgent(state, { agent, event }, nowMs);
    }
  }
}

type AgentEvent = Extract<
  DispatchEvent,
  {
    readonly type:
      'heard' | 'started' | 'encoded' | 'left' | 'disconnected' | 'undelivered' | 'unsendable';
  }
>;

function applyToAgent(
  state: DispatchState,
  { agent, event }: { readonly agent: AgentRecord; readonly event: AgentEvent },
  nowMs: number,
): void {
  switch (event.type) {
    case 'heard':
      hearAgent(state, agent, { ...event, nowMs });
      return;
    case 'started':
      hearStart(state, { agent, event }, nowMs);
      return;
    case 'encoded':
      agent.heardMs = nowMs;
      if (agent.leases.has(event.attempt)) agent.encoded.add(event.attempt);
      return;
    case 'left':
      leaveAgent(state, agent, event);
      return;
    case 'disconnected':
      agent.disconnectedMs = nowMs;
      if (agent.mode === 'leaving' && agent.leases.size === 0) {
        loseAgent(state, agent, 'left');
      }
      return;
    case 'undelivered':
      agent.disconnectedMs ??= nowMs;
      for (const attempt of event.attempts) giveBack(state, agent, attempt);
      return;
    case 'unsendable':
      refuseTask(state, agent, event.attempt);
      return;
    default:
      unreachable(event);
  }
}

function hearStart(
  state: DispatchState,
  { agent, event }: { readonly agent: AgentRecord; readonly event: Started },
  nowMs: number,
): void {
  agent.heardMs = nowMs;
  const record = agent.leases.get(event.attempt);
  if (record !== undefined && !record.started) start(state, agent, { record, slot: event.slot });
}

function giveBack(state: DispatchState, agent: AgentRecord, attempt: string): void {
  const record = agent.leases.get(attempt);
  if (record !== undefined) requeue(state, record, 'could not be sent');
}

function refuseTask(state: DispatchState, agent: AgentRecord, attempt: string): void {
  const record = agent.leases.get(attempt);
  if (record === undefined) return;
  const text = `the task for ${record.task.output} is too large for one message`;
  fail(state, record, failedOutcome({ class: 'input', code: 'UNSUPPORTED_INPUT', text }));
}

function drain(state: DispatchState): void {
  if (state.stopping !== 'no') return;
  state.stopping = 'drain';
  for (const session of state.agents.keys()) state.effects.push({ type: 'drain', session });
}

function abort(state: DispatchState, nowMs: number): void {
  if (state.stopping === 'abort') return;
  state.stopping = 'abort';
  state.abortedMs = nowMs;
  for (const { session, leases } of state.agents.values()) {
    for (const attempt of leases.keys()) state.effects.push({ type: 'cancel', session, attempt });
  }
}

/** After tasks came back or agents came or went: who can have what now? */
function settle(state: DispatchState, nowMs: number): void {
  state.unsettled = false;
  state.activeSlots = 0;
  for (const { mode, slots, resting } of state.agents.values()) {
    if (mode === 'active' && resting === undefined) state.activeSlots += slots;
  }
  failStranded(state);
  tellUntakable(state);
  for (const agent of state.agents.values()) handOut(state, agent, nowMs);
}

function isOver(state: DispatchState, nowMs: number): boolean {
  if (state.open === 0) return true;
  if (state.stopping === 'no' || state.committing.size > 0) return false;
  if (state.leased === 0) return true;
  const { farewellMs } = state.options.timing;
  return state.stopping === 'abort' && nowMs - state.abortedMs >= farewellMs;
}
