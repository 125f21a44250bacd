import type { PilotId, PilotStatus } from './provider.js';
import type { PilotView } from './scale.js';

interface PilotRecord {
  readonly id: PilotId;
  readonly submittedMs: number;
  phase: 'pending' | 'started';
  /** Of the agent that is connected now. */
  session: string | undefined;
  slots: number | undefined;
  everJoined: boolean;
  draining: boolean;
}

/** A weight of the newest measurement in a moving average. */
const NEWEST = 0.3;

/** What is known of the pilots of one provider: what the engine says, and who joined the master. */
export class PilotBook {
  /** Deaths before joining and failed submissions, one after another. */
  failures = 0;
  /** From submission to joining, as a moving average. */
  waitMs: number | undefined;
  lastSubmitMs: number | undefined;
  readonly #records = new Map<PilotId, PilotRecord>();
  #slots: number | undefined;

  /** Slots of one pilot: those that joined last had so many. */
  slots(wanted: number | 'auto'): number {
    return wanted === 'auto' ? (this.#slots ?? GUESSED_SLOTS) : wanted;
  }

  add(ids: readonly PilotId[], nowMs: number): void {
    this.lastSubmitMs = nowMs;
    for (const id of ids) {
      this.#records.set(id, {
        id,
        submittedMs: nowMs,
        phase: 'pending',
        session: undefined,
        slots: undefined,
        everJoined: false,
        draining: false,
      });
    }
  }

  get ids(): readonly PilotId[] {
    return [...this.#records.keys()];
  }

  views(): readonly PilotView[] {
    return [...this.#records.values()].map(({ id, submittedMs, phase, session, draining }) => ({
      id,
      submittedMs,
      phase: draining ? 'draining' : session === undefined ? phase : 'joined',
    }));
  }

  /** An agent said that it is this pilot; `false`: it is none of these. */
  joined(
    id: PilotId,
    { session, slots }: { readonly session: string; readonly slots: number },
    nowMs: number,
  ): boolean {
    const record = this.#records.get(id);
    if (record === undefined) return false;
    if (!record.everJoined) {
      const waitedMs = nowMs - record.submittedMs;
      this.waitMs =
        this.waitMs === undefined ? waitedMs : this.waitMs + NEWEST * (waitedMs - this.waitMs);
    }
    Object.assign(record, { session, slots, everJoined: true });
    this.#slots = slots;
    this.failures = 0;
    return true;
  }

  left(session: string): boolean {
    const record = [...this.#records.values()].find((known) => known.session === session);
    if (record === undefined) return false;
    record.session = undefined;
    return true;
  }

  drained(ids: readonly PilotId[]): void {
    for (const id of ids) {
      const record = this.#records.get(id);
      if (record !== undefined) record.draining = true;
    }
  }

  /** Takes what the engine says; returns the pilots that died without having joined. */
  update(statuses: ReadonlyMap<PilotId, PilotStatus>): readonly PilotStatus[] {
    const died: PilotStatus[] = [];
    for (const [id, status] of statuses) {
      const record = this.#records.get(id);
      if (record === undefined) continue;
      if (status.phase !== 'ended') {
        record.phase = status.phase === 'running' ? 'started' : 'pending';
        continue;
      }
      this.#records.delete(id);
      if (record.everJoined || record.draining) continue;
      this.failures += 1;
      died.push(status);
    }
    return died;
  }
}

/** Before any has joined. */
const GUESSED_SLOTS = 4;
