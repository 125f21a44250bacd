import assert from 'node:assert/strict';
import { dispatch } from '#src/cluster/dispatch.js';
import type { DispatchEvent, Effect, GrantEffect } from '#src/cluster/dispatch-event.js';
import type { HeldAttempt } from '#src/cluster/contract.js';
import { createDispatch, queuedCount } from '#src/cluster/dispatch-state.js';
import type { DispatchOptions, DispatchState } from '#src/cluster/dispatch-state.js';
import { DEFAULT_TIMING } from '#src/cluster/timing.js';
import type { Outcome, Task } from '#src/task/task.js';
import { made } from './rig.js';

/** Drives a dispatcher as agents and a ledger would, and checks its promises after each event. */
export class DispatchWorld {
  readonly state: DispatchState;
  nowMs = 0;
  /** Everything that was ever handed out, in its order. */
  readonly grants: GrantEffect[] = [];
  readonly effects: Effect[] = [];
  readonly commits = new Map<string, number>();
  readonly ends = new Map<string, 'done' | 'failed'>();
  readonly #committing: string[] = [];

  /** Part files that the ledger gave up: attempts nobody can go on with. */
  readonly closed: Set<string> = new Set();

  constructor(tasks: readonly Task[], options: Partial<DispatchOptions> = {}) {
    const isOpen = (_task: Task, attempt: string): boolean => !this.closed.has(attempt);
    const usual = { epoch: 7, tasks, token: plainToken, timing: DEFAULT_TIMING, isOpen };
    this.state = createDispatch({ ...usual, ...options }, 0);
  }

  send(event: DispatchEvent): readonly Effect[] {
    const effects = dispatch(this.state, event, this.nowMs);
    for (const effect of effects) this.#note(effect);
    this.#check();
    return effects;
  }

  join(session: string, slots = 2, held: readonly HeldAttempt[] = []): void {
    this.send({ type: 'joined', session, name: session, slots, held });
  }

  /** What an agent has, as the dispatcher sees it. */
  leased(session: string): readonly GrantEffect[] {
    const leases = this.state.agents.get(session)?.leases;
    return leases === undefined
      ? []
      : this.grants.filter((grant) => grant.session === session && leases.has(grant.attempt));
  }

  /** What its agent says of an attempt when it says HELLO. */
  claim({ task, attempt, token }: GrantEffect, slot = 1): HeldAttempt {
    return { task: task.id, attempt, token, slot };
  }

  start({ session, attempt }: GrantEffect): void {
    this.send({ type: 'started', session, attempt, slot: 1 });
  }

  report(
    grant: GrantEffect,
    outcome: Outcome = made(),
    token: string = grant.token,
  ): readonly Effect[] {
    const { session, attempt } = grant;
    const task = grant.task.id;
    return this.send({ type: 'reported', session, task, attempt, token, slot: 1, outcome });
  }

  /** The oldest open commit ends well. */
  commit(): void {
    const task = this.#committing.shift();
    if (task === undefined) return;
    this.ends.set(task, 'done');
    this.send({ type: 'committed', task, verdict: { verdict: 'committed' } });
  }

  /** Time passes in ticks; who is in `alive` sends heartbeats. */
  pass(ms: number, alive: readonly string[]): void {
    for (const until = this.nowMs + ms; this.nowMs < until;) {
      this.nowMs += 1000;
      for (const session of alive) {
        const held = this.leased(session).map(({ attempt }) => attempt);
        this.send({ type: 'heard', session, held });
      }
      this.send({ type: 'tick' });
    }
  }

  /** The agent's process dies, and is given up. */
  die(session: string, alive: readonly string[] = []): void {
    this.send({ type: 'disconnected', session });
    this.pass(4000, alive);
  }

  has(type: Effect['type']): boolean {
    return this.effects.some((effect) => effect.type === type);
  }

  #note(effect: Effect): void {
    this.effects.push(effect);
    if (effect.type === 'grant') {
      assert.equal(this.state.stopping, 'no', 'nothing is handed out while stopping');
      assert.ok(!this.ends.has(effect.task.id), 'a finished task is not handed out');
      assert.ok(sequence(effect) > sequence(this.grants.at(-1)), 'attempts rise');
      this.grants.push(effect);
    }
    if (effect.type === 'commit') {
      const id = effect.task.id;
      assert.ok(!this.commits.has(id), 'one commit a task');
      this.commits.set(id, 1);
      this.#committing.push(id);
    }
    if (effect.type === 'failed') {
      assert.ok(!this.ends.has(effect.task.id), 'one end a task');
      this.ends.set(effect.task.id, 'failed');
    }
  }

  #check(): void {
    const { state } = this;
    let leased = 0;
    for (const agent of state.agents.values()) {
      for (const attempt of agent.encoded) assert.ok(agent.leases.has(attempt));
      for (const [attempt, record] of agent.leases) {
        leased += 1;
        assert.equal(record.phase, 'leased');
        assert.equal(record.attempt, attempt);
        assert.equal(record.session, agent.session);
      }
    }
    const phases = { queued: 0, leased: 0, committing: 0, done: 0, failed: 0 };
    for (const { phase } of state.byRank) phases[phase] += 1;
    assert.equal(phases.leased, leased, 'no lease without a living agent');
    assert.equal(state.leased, leased);
    assert.equal(phases.queued, queuedCount(state), 'what is queued is in one queue, once');
    assert.equal(phases.committing, state.committing.size);
    assert.equal(phases.done + phases.failed, this.ends.size);
    assert.equal(state.open, state.byRank.length - this.ends.size);
    if (this.state.finished && state.stopping === 'no') assert.equal(state.open, 0);
  }
}

export function plainToken(task: string, attempt: string, session: string): string {
  return `${task}|${attempt}|${session}`;
}

function sequence(grant: GrantEffect | undefined): number {
  return Number(grant?.attempt.split('.')[1] ?? 0);
}
