import type { Failed } from '../task/task.js';
import type { HeldAttempt } from './contract.js';
import type { AgentRecord, DispatchState, TaskRecord } from './dispatch-state.js';
import { sameToken } from './token.js';

/** From the third worker that died on a task on, the task is given up. */
const MAX_BLAMES = 3;
/** From the second on it runs alone, so that nobody else can be the reason. */
export const SUSPECT_BLAMES = 2;

/** Lends a task to an agent under a new attempt. */
export function lend(
  state: DispatchState,
  agent: AgentRecord,
  lease: { readonly record: TaskRecord; readonly nowMs: number },
): void {
  const { record, nowMs } = lease;
  state.seq += 1;
  const attempt = `${state.options.epoch}.${state.seq}`;
  occupy(state, agent, { record, attempt, nowMs });
  state.effects.push({
    type: 'grant',
    session: agent.session,
    task: record.task,
    attempt,
    token: state.options.token(record.task.id, attempt, agent.session),
  });
}

/**
 * Lets an agent keep an attempt that was taken from it, or that a master before this one lent it: the task
 * is still wanted, nobody else has it, and the part file was not given up. Its old token stays good.
 */
export function resume(
  state: DispatchState,
  agent: AgentRecord,
  { held, nowMs }: { readonly held: HeldAttempt; readonly nowMs: number },
): boolean {
  const { attempt, slot } = held;
  const record = state.tasks.get(held.task);
  if (record?.phase !== 'queued' || state.stopping === 'abort') return false;
  const token = state.options.token(held.task, attempt, agent.session);
  if (!sameToken(held.token, token) || state.options.isOpen?.(record.task, attempt) !== true)
    return false;
  takeOut(state, record);
  occupy(state, agent, { record, attempt, nowMs });
  state.effects.push({ type: 'resumed', task: record.task, attempt });
  if (slot > 0) start(state, agent, { record, slot });
  return true;
}

/** A slot of the agent began with a lease. */
export function start(
  state: DispatchState,
  agent: AgentRecord,
  { record, slot }: { readonly record: TaskRecord; readonly slot: number },
): void {
  record.started = true;
  record.worker = workerName(agent, slot);
  state.effects.push({ type: 'started', task: record.task, worker: record.worker });
}

/** `host/slot`. */
export function workerName(agent: AgentRecord, slot: number): string {
  return `${agent.name}/${slot}`;
}

function occupy(
  state: DispatchState,
  agent: AgentRecord,
  lease: { readonly record: TaskRecord; readonly attempt: string; readonly nowMs: number },
): void {
  const { record, attempt, nowMs } = lease;
  record.phase = 'leased';
  record.attempt = attempt;
  record.session = agent.session;
  record.worker = agent.name;
  record.started = false;
  record.renewedMs = nowMs;
  agent.leases.set(attempt, record);
  state.leased += 1;
}

/** From the queue that it stands in. */
function takeOut(state: DispatchState, record: TaskRecord): void {
  const inSet = [state.awaited, state.suspects, state.retries].some((set) => set.delete(record));
  if (!inSet) state.ready.delete(record.rank);
}

/** Ends the lease without saying what becomes of the task. */
export function endLease(state: DispatchState, record: TaskRecord): void {
  const agent = state.agents.get(record.session);
  if (agent?.leases.delete(record.attempt) !== true) return;
  agent.encoded.delete(record.attempt);
  state.leased -= 1;
}

/** Puts a task back into the queue that fits it. Its attempt is worth nothing from now on. */
export function requeue(state: DispatchState, record: TaskRecord, reason: string): void {
  const { task, worker } = record;
  endLease(state, record);
  record.phase = 'queued';
  record.session = '';
  if (record.blames >= SUSPECT_BLAMES) state.suspects.add(record);
  else if (record.avoid.size > 0) state.retries.add(record);
  else state.ready.push(record.rank);
  state.unsettled = true;
  if (state.stopping === 'no') state.effects.push({ type: 'requeued', task, worker, reason });
}

/** Ends a task without an output. */
export function fail(state: DispatchState, record: TaskRecord, failed: Failed): void {
  const { task, worker } = record;
  endLease(state, record);
  record.phase = 'failed';
  state.open -= 1;
  state.effects.push({ type: 'failed', task, failed, worker });
}

/** A worker died on the task: tried again, then alone, then given up with `failed`. */
export function blame(state: DispatchState, record: TaskRecord, failed: Failed): void {
  record.blames += 1;
  record.lastFailure = failed;
  if (record.blames >= MAX_BLAMES) fail(state, record, failed);
  else requeue(state, record, failed.text);
}

/** Attempts of `held` that the agent has no business with any more. */
export function foreignAttempts(
  state: DispatchState,
  agent: AgentRecord,
  held: readonly string[],
): readonly string[] {
  return held.filter((attempt) => !agent.leases.has(attempt) && !state.committing.has(attempt));
}
