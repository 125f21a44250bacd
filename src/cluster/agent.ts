import { randomBytes } from 'node:crypto';
import type { Clock } from '../lib/clock.js';
import { keepDuty } from './agent-duty.js';
import type { AgentLimits } from './agent-limits.js';
import { AgentSession } from './agent-session.js';
import type { AgentExit } from './agent-session.js';
import { USUAL_RULES } from './agent-storage.js';
import type { Capabilities, Execute } from './contract.js';
import type { ClusterKey } from './key-file.js';
import type { AgentRules } from './task-guard.js';

/** All that an agent has to know. */
export interface AgentOptions {
  readonly endpoint: string;
  /** What opens the master's door; without it the connection is open. */
  readonly key?: ClusterKey | undefined;
  /** Tasks at the same time. */
  readonly slots: number;
  readonly execute: Execute;
  readonly capabilities: Capabilities;
  /** Of the host, for people. */
  readonly name: string;
  /** What the engine that started the agent calls it. */
  readonly pilot?: string | undefined;
  /** Of this program; must be the master's. */
  readonly version: string;
  readonly clock: Clock;
  readonly signals: AgentSignals;
  /** How long it stays without a master; otherwise it waits for the first for ever, and for one that it lost as that one wished. */
  readonly orphanMs?: number;
  /** What it does for a master and what not; otherwise what is usual. */
  readonly rules?: AgentRules;
  /** When it works and for how long; otherwise always. */
  readonly limits?: AgentLimits;
  /** Of the machine, over the last minute; for `limits.maxLoad`. */
  readonly load?: () => number;
  /** Takes what a person at the agent should know. */
  readonly onNotice?: (text: string) => void;
}

/** What ends an agent from outside. */
export interface AgentSignals {
  /** Take nothing more, finish what runs, leave. */
  readonly drain: AbortSignal;
  /** Stop what runs, delete its part files, leave. */
  readonly abort: AbortSignal;
}

/** Works for the master at the endpoint until it is sent home, told to leave, or left alone for too long. */
export async function runAgent(options: AgentOptions): Promise<AgentExit> {
  const { signals, clock, limits = {}, load = () => 0 } = options;
  const session = new AgentSession({
    ...options,
    rules: options.rules ?? USUAL_RULES,
    onNotice: options.onNotice ?? (() => undefined),
    session: randomBytes(16).toString('hex'),
  });
  const ended = new AbortController();
  const once = { once: true, signal: ended.signal };
  const onDrain = (): void => session.drain('told to stop');
  const onAbort = (): void => session.end({ reason: 'aborted', text: 'stopped at once' });
  signals.drain.addEventListener('abort', onDrain, once);
  signals.abort.addEventListener('abort', onAbort, once);
  if (signals.drain.aborted) onDrain();
  if (signals.abort.aborted) onAbort();
  void keepDuty(session, { limits, clock, load, ended: ended.signal });
  void session.live(ended.signal);
  const exit = await session.ended;
  ended.abort();
  await session.leave(exit);
  return exit;
}
