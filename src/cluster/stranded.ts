import type { Failed } from '../task/task.js';
import { queuedCount } from './dispatch-state.js';
import type { DispatchState, TaskRecord } from './dispatch-state.js';
import { fail } from './lease.js';

/** Ends the tasks that nobody is left to run, so that a run never waits for ever. */
export function failStranded(state: DispatchState): void {
  if (state.stopping !== 'no' || queuedCount(state) === 0) return;
  const active = [...state.agents.values()].filter((agent) => agent.mode === 'active');
  if (active.length === 0) {
    const reason = whyNobody(state);
    if (reason !== undefined) failQueued(state, reason);
    return;
  }
  for (const waiting of [state.retries, state.suspects]) {
    for (const record of waiting) {
      const { lastFailure } = record;
      if (lastFailure === undefined || !active.every((a) => record.avoid.has(a.session))) continue;
      waiting.delete(record);
      fail(state, record, lastFailure);
    }
  }
}

function whyNobody(state: DispatchState): Failed | undefined {
  const agents = [...state.agents.values()];
  if (agents.some((agent) => agent.mode === 'paused')) return state.environment;
  return agents.length === 0 ? state.exhausted : undefined;
}

function failQueued(state: DispatchState, reason: Failed): void {
  for (const record of takeQueued(state)) fail(state, record, record.lastFailure ?? reason);
}

function* takeQueued(state: DispatchState): Generator<TaskRecord> {
  for (let rank = state.ready.pop(); rank !== undefined; rank = state.ready.pop()) {
    const record = state.byRank[rank];
    if (record !== undefined) yield record;
  }
  for (const waiting of [state.retries, state.suspects]) {
    yield* waiting;
    waiting.clear();
  }
}
