import { queuedCount } from './dispatch-state.js';
import type { AgentRecord, DispatchState, TaskRecord } from './dispatch-state.js';
import { lend, SUSPECT_BLAMES } from './lease.js';

/** Tasks shorter than this go out in batches: messages cost more than their bytes. */
const SHORT_MS = 50;
/** How much work a slot gets in one batch. */
const BATCH_MS = 200;
const MAX_PER_SLOT = 64;
const MAX_CREDIT = 512;

/** Gives an agent as many tasks as it has credit for. */
export function handOut(state: DispatchState, agent: AgentRecord, nowMs: number): void {
  if (state.stopping !== 'no' || !canTake(agent) || queuedCount(state) === 0) return;
  // Who reports faster than the ledger writes has to wait: what it holds must fit into a heartbeat.
  if (agent.committing >= MAX_CREDIT) return;
  const credit = creditOf(state, agent);
  const batching = credit > 2 * (agent.slots + 1);
  if (batching && agent.leases.size > credit / 2) return;
  // An agent seals no more at a time than it has slots, whatever it says.
  const sealing = Math.min(agent.encoded.size, agent.slots);
  while (agent.leases.size - sealing < credit) {
    const record = takeNext(state, agent);
    if (record === undefined) break;
    lend(state, agent, { record, nowMs });
  }
  if (agent.leases.size === 0) lendSuspect(state, agent, nowMs);
}

/** May the agent be given anything now? */
export function canTake(agent: AgentRecord): boolean {
  const { mode, disconnectedMs, resting } = agent;
  return (
    mode === 'active' && disconnectedMs === undefined && resting === undefined && !runsAlone(agent)
  );
}

/** Whether an agent has what the task needs and has not failed on it. */
export function mayRun(agent: AgentRecord, record: TaskRecord): boolean {
  return agent.can[record.kind] === true && !record.avoid.has(agent.session);
}

function runsAlone(agent: AgentRecord): boolean {
  if (agent.leases.size !== 1) return false;
  const [record] = agent.leases.values();
  return record !== undefined && record.blames >= SUSPECT_BLAMES;
}

/**
 * One task a slot and one in reserve; many when they are short. When few are left no agent gets more
 * than its share, so that the last ones run everywhere at once.
 */
function creditOf(state: DispatchState, agent: AgentRecord): number {
  const { slots } = agent;
  const wanted = slots * perSlot(state.meanMs) + (isShort(state.meanMs) ? 0 : 1);
  const share = Math.floor((queuedCount(state) * slots) / Math.max(state.activeSlots, slots));
  return Math.max(slots, Math.min(wanted, share, Math.max(MAX_CREDIT, slots)));
}

function isShort(meanMs: number | undefined): boolean {
  return meanMs !== undefined && meanMs < SHORT_MS;
}

function perSlot(meanMs: number | undefined): number {
  if (meanMs === undefined || meanMs >= SHORT_MS) return 1;
  return Math.min(MAX_PER_SLOT, Math.ceil(BATCH_MS / Math.max(meanMs, 1)));
}

function takeNext(state: DispatchState, agent: AgentRecord): TaskRecord | undefined {
  const retry = takeAllowed(state.retries, agent);
  if (retry !== undefined) return retry;
  const rank = state.ready.pop((kind) => agent.can[kind] === true);
  return rank === undefined ? undefined : state.byRank[rank];
}

function lendSuspect(state: DispatchState, agent: AgentRecord, nowMs: number): void {
  const record = takeAllowed(state.suspects, agent);
  if (record !== undefined) lend(state, agent, { record, nowMs });
}

function takeAllowed(waiting: Set<TaskRecord>, agent: AgentRecord): TaskRecord | undefined {
  for (const record of waiting) {
    if (!mayRun(agent, record)) continue;
    waiting.delete(record);
    return record;
  }
  return undefined;
}
