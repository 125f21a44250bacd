import type { Failed, Made } from '../task/task.js';
import { unreachable } from '../lib/unreachable.js';
import type { DispatchEvent, Reported } from './dispatch-event.js';
import type { AgentRecord, DispatchState, TaskRecord } from './dispatch-state.js';
import { mayRun } from './hand-out.js';
import { blame, endLease, fail, requeue, workerName } from './lease.js';
import { sameToken } from './token.js';

/** So many failures of its environment in a row, and an agent gets nothing more. */
const MAX_ENVIRONMENT_FAILURES = 5;
/** What fails on two hosts with the same bytes fails everywhere. */
const MAX_INPUT_FAILURES = 2;
const MEAN_WEIGHT = 0.1;

/** Takes a result when task, attempt, session and token are those of the lease; else it is stale. */
export function takeReport(state: DispatchState, report: Reported, nowMs: number): void {
  const { session, attempt } = report;
  const agent = state.agents.get(session);
  const record = state.tasks.get(report.task);
  if (agent !== undefined) agent.heardMs = nowMs;
  if (agent === undefined || record === undefined || !isOwn(state, record, report)) {
    state.effects.push({ type: 'stale', session, attempt });
    return;
  }
  if (record.phase === 'done') state.effects.push({ type: 'ack', session, attempt });
  // While the master commits, a repeated result is answered by the end of the commit.
  if (record.phase !== 'leased') return;
  endLease(state, record);
  if (report.slot > 0) record.worker = workerName(agent, report.slot);
  if (report.outcome.status === 'made') {
    agent.committing += 1;
    takeMade(state, record, report.outcome);
  } else {
    state.effects.push({ type: 'ack', session, attempt });
    takeFailed(state, { agent, record, failed: report.outcome });
  }
}

/**
 * The commit ended: the task is done, its output or source is not what the plan saw, or the part is
 * not where the agent says it is, which is the agent's fault as much as any other of its environment.
 */
export function takeCommitted(
  state: DispatchState,
  event: Extract<DispatchEvent, { readonly type: 'committed' }>,
): void {
  const record = state.tasks.get(event.task);
  if (record?.phase !== 'committing') return;
  const { attempt, session } = record;
  const agent = state.agents.get(session);
  state.committing.delete(attempt);
  if (agent !== undefined) agent.committing = Math.max(0, agent.committing - 1);
  const { verdict } = event;
  if (verdict.verdict === 'committed') {
    record.phase = 'done';
    state.open -= 1;
    if (agent !== undefined) agent.environmentFailures = 0;
    state.effects.push({ type: 'ack', session, attempt });
    return;
  }
  if (agent === undefined) fail(state, record, verdict.failed);
  else takeFailed(state, { agent, record, failed: verdict.failed });
  state.effects.push({ type: 'stale', session, attempt });
}

function isOwn(state: DispatchState, record: TaskRecord, report: Reported): boolean {
  const { task, attempt, session, token } = report;
  const known = record.phase !== 'queued' && record.phase !== 'failed';
  return (
    known &&
    record.attempt === attempt &&
    record.session === session &&
    sameToken(token, state.options.token(task, attempt, session))
  );
}

function takeMade(state: DispatchState, record: TaskRecord, made: Made): void {
  const { task, attempt, worker } = record;
  record.phase = 'committing';
  state.committing.set(attempt, record);
  const mean = state.meanMs ?? made.ms;
  state.meanMs = mean + (made.ms - mean) * MEAN_WEIGHT;
  state.effects.push({ type: 'commit', task, attempt, made, worker });
}

interface FailedReport {
  readonly agent: AgentRecord;
  readonly record: TaskRecord;
  readonly failed: Failed;
}

function takeFailed(state: DispatchState, report: FailedReport): void {
  const { agent, record, failed } = report;
  if (failed.class !== 'environment') agent.environmentFailures = 0;
  switch (failed.class) {
    case 'input':
      record.inputFailures += 1;
      if (record.inputFailures >= MAX_INPUT_FAILURES) fail(state, record, failed);
      else retryElsewhere(state, report);
      return;
    case 'environment':
      agent.environmentFailures += 1;
      if (agent.environmentFailures >= MAX_ENVIRONMENT_FAILURES) pause(state, agent, failed);
      retryElsewhere(state, report);
      return;
    case 'changed':
      fail(state, record, failed);
      return;
    case 'crash':
      blame(state, record, failed);
      return;
    case 'cancelled':
      // Nobody asked for it: the agent is on its way out, and would cancel whatever it is given.
      if (agent.mode === 'active') agent.mode = 'leaving';
      requeue(state, record, failed.text);
      return;
    default:
      unreachable(failed.class);
  }
}

function retryElsewhere(state: DispatchState, { agent, record, failed }: FailedReport): void {
  record.avoid = new Set([...record.avoid, agent.session]);
  record.lastFailure = failed;
  const others = [...state.agents.values()].some(
    (other) => other.mode === 'active' && mayRun(other, record),
  );
  if (others && state.stopping === 'no') requeue(state, record, failed.text);
  else fail(state, record, failed);
}

/**
 * Its waiting tasks come back as cancelled; the running ones may still succeed. The last agent is
 * never paused: nobody could take its place, and what fails for one output may work for the next.
 */
function pause(state: DispatchState, agent: AgentRecord, failed: Failed): void {
  const others = [...state.agents.values()].some((one) => one !== agent && one.mode === 'active');
  if (agent.mode !== 'active' || !others) return;
  agent.mode = 'paused';
  state.environment = failed;
  state.unsettled = true;
  state.effects.push({ type: 'paused', agent: agent.name, failed });
  for (const [attempt, record] of agent.leases) {
    if (!record.started) state.effects.push({ type: 'cancel', session: agent.session, attempt });
  }
}
