import { failedOutcome } from '../task/problem.js';
import type { Failed } from '../task/task.js';
import { queuedCount } from './dispatch-state.js';
import type { AgentRecord, DispatchState, TaskRecord } from './dispatch-state.js';
import { mayRun } from './hand-out.js';
import { fail } from './lease.js';

/** Ends the tasks that nobody is left to run, so that a run never waits for ever. */
export function failStranded(state: DispatchState): void {
  if (state.stopping !== 'no' || queuedCount(state) === 0) return;
  const active = activeAgents(state);
  if (active.length === 0) {
    const reason = whyNobody(state);
    if (reason !== undefined) failQueued(state, reason);
    return;
  }
  for (const waiting of [state.retries, state.suspects]) {
    for (const record of waiting) {
      const { lastFailure } = record;
      if (lastFailure === undefined || active.some((agent) => mayRun(agent, record))) continue;
      waiting.delete(record);
      fail(state, record, lastFailure);
    }
  }
  if (state.options.mayGrow !== true) failUntakable(state, active);
}

/** Says once of each kind of task that no agent here can do it, and why. */
export function tellUntakable(state: DispatchState): void {
  const active = activeAgents(state);
  if (active.length === 0 || state.stopping !== 'no') return;
  for (const kind of untakableKinds(state, active)) {
    if (state.untakable.has(kind)) continue;
    state.untakable.add(kind);
    const reason = whyUntakable(state, active, kind);
    state.effects.push({ type: 'untakable', tasks: state.ready.sizeOf(kind), reason });
  }
}

/** Gives up waiting for an agent that can do what is left, when that is all that is left. */
export function failStuck(state: DispatchState, nowMs: number): void {
  const active = activeAgents(state);
  const isStuck =
    state.stopping === 'no' &&
    active.length > 0 &&
    state.leased + state.committing.size + state.retries.size + state.suspects.size === 0 &&
    state.ready.size > 0 &&
    !state.kinds.some((_, kind) => state.ready.sizeOf(kind) > 0 && canSomebody(active, kind));
  if (!isStuck) {
    state.stuckSinceMs = undefined;
    return;
  }
  state.stuckSinceMs ??= nowMs;
  if (nowMs - state.stuckSinceMs >= state.options.timing.stuckMs) failUntakable(state, active);
}

function activeAgents(state: DispatchState): readonly AgentRecord[] {
  return [...state.agents.values()].filter((agent) => agent.mode === 'active');
}

function canSomebody(agents: readonly AgentRecord[], kind: number): boolean {
  return agents.some((agent) => agent.can[kind] === true);
}

function untakableKinds(state: DispatchState, active: readonly AgentRecord[]): readonly number[] {
  return [...state.kinds.keys()].filter(
    (kind) => state.ready.sizeOf(kind) > 0 && !canSomebody(active, kind),
  );
}

function failUntakable(state: DispatchState, active: readonly AgentRecord[]): void {
  for (const kind of untakableKinds(state, active)) {
    const text = `no worker can make it: ${whyUntakable(state, active, kind)}`;
    const failed = failedOutcome({ class: 'environment', code: 'NO_WORKER', text });
    for (const record of takeReady(state, (each) => each === kind)) fail(state, record, failed);
  }
}

/** The first thing that each agent lacks for the kind; of many agents the first few. */
function whyUntakable(state: DispatchState, active: readonly AgentRecord[], kind: number): string {
  const needs = state.kinds[kind] ?? [];
  const reasons = active.map(({ name, lacks }) => {
    const need = needs.find((one) => lacks.has(one));
    return `${name}: ${need === undefined ? '' : lacks.get(need)}`;
  });
  const distinct = [...new Set(reasons)];
  const more = distinct.length > MAX_REASONS ? [`and ${distinct.length - MAX_REASONS} more`] : [];
  return [...distinct.slice(0, MAX_REASONS), ...more].join('; ');
}

const MAX_REASONS = 3;

function whyNobody(state: DispatchState): Failed | undefined {
  const agents = [...state.agents.values()];
  if (agents.some((agent) => agent.mode === 'paused')) return state.environment;
  return agents.length === 0 ? state.exhausted : undefined;
}

function failQueued(state: DispatchState, reason: Failed): void {
  for (const record of takeQueued(state)) fail(state, record, record.lastFailure ?? reason);
}

function* takeQueued(state: DispatchState): Generator<TaskRecord> {
  yield* takeReady(state);
  for (const waiting of [state.awaited, state.retries, state.suspects]) {
    yield* waiting;
    waiting.clear();
  }
}

function* takeReady(
  state: DispatchState,
  isWanted?: (kind: number) => boolean,
): Generator<TaskRecord> {
  const { ready, byRank } = state;
  for (let rank = ready.pop(isWanted); rank !== undefined; rank = ready.pop(isWanted)) {
    const record = byRank[rank];
    if (record !== undefined) yield record;
  }
}
