import type { MasterEvent } from '../cluster/master-event.js';

/** A weight of the newest task in a moving average. */
const NEWEST = 0.1;

/** What is left of a run and how fast it goes, from what the master tells. */
export class WorkMeter {
  openTasks: number;
  /** Of one task on one slot. */
  meanTaskMs: number | undefined;
  readonly #slots = new Map<string, number>();

  constructor(tasks: number) {
    this.openTasks = tasks;
  }

  take(event: MasterEvent): void {
    if (event.type === 'agent-joined') this.#slots.set(event.session, event.slots);
    else if (event.type === 'agent-left') this.#slots.delete(event.session);
    else if (event.type === 'task-done') {
      this.openTasks -= 1;
      const { ms } = event.made;
      this.meanTaskMs =
        this.meanTaskMs === undefined ? ms : this.meanTaskMs + NEWEST * (ms - this.meanTaskMs);
    }
  }

  taskFailed(): void {
    this.openTasks -= 1;
  }

  /** Slots of the agents that are connected, but for these. */
  slotsBeside(sessions: ReadonlySet<string>): number {
    let sum = 0;
    for (const [session, slots] of this.#slots) if (!sessions.has(session)) sum += slots;
    return sum;
  }
}
