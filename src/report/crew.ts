import type { RunEvent } from './event.js';

/** A task that a worker is at. */
export interface Job {
  readonly output: string;
  readonly source: string;
  readonly set: string;
  /** On the monotonic clock. */
  readonly startedMs: number;
}

/** An agent with its busy workers, in numerical order. */
export interface CrewAgent {
  readonly agent: string;
  readonly slots: number;
  readonly working: readonly (readonly [worker: string, job: Job])[];
}

const byNumber = new Intl.Collator('en', { numeric: true });

/** Who works for a run, and at what. Workers are called `host/slot`, agents by their host. */
export class Crew {
  /** Busy workers, in the order in which they started. */
  readonly working: Map<string, Job> = new Map();
  /** A host may have several agents. */
  readonly #slots = new Map<string, readonly number[]>();

  update(event: RunEvent, nowMs: number): void {
    switch (event.type) {
      case 'agent-joined':
        this.#slots.set(event.agent, [...(this.#slots.get(event.agent) ?? []), event.slots]);
        break;
      case 'agent-left':
        this.#leave(event.agent);
        break;
      case 'task-started': {
        const { output, source, set } = event;
        this.working.set(event.worker, { output, source, set, startedMs: nowMs });
        break;
      }
      case 'task-done':
      case 'task-failed':
      case 'task-requeued':
        if (this.working.get(event.worker)?.output === event.output) {
          this.working.delete(event.worker);
        }
        break;
      default:
    }
  }

  /** By name; a worker whose agent is not known counts as an agent's only one. */
  get agents(): readonly CrewAgent[] {
    const busy = new Map<string, (readonly [string, Job])[]>();
    for (const agent of this.#slots.keys()) busy.set(agent, []);
    for (const [worker, job] of this.working) {
      const agent = agentOf(worker);
      const jobs = busy.get(agent);
      if (jobs === undefined) busy.set(agent, [[worker, job]]);
      else jobs.push([worker, job]);
    }
    return [...busy]
      .toSorted(([a], [b]) => byNumber.compare(a, b))
      .map(([agent, working]) => ({
        agent,
        slots: Math.max(working.length, this.#slotsOf(agent)),
        working: working.toSorted(([a], [b]) => byNumber.compare(a, b)),
      }));
  }

  #slotsOf(agent: string): number {
    return (this.#slots.get(agent) ?? []).reduce((sum, slots) => sum + slots, 0);
  }

  #leave(agent: string): void {
    const [, ...others] = this.#slots.get(agent) ?? [];
    if (others.length > 0) this.#slots.set(agent, others);
    else this.#slots.delete(agent);
  }
}

function agentOf(worker: string): string {
  const at = worker.lastIndexOf('/');
  return at < 0 ? worker : worker.slice(0, at);
}
