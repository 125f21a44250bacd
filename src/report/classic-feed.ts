import { classicSummary, resultLine } from './classic-text.js';
import type { RunEvent } from './event.js';
import { eventText } from './event-text.js';
import { noCounts } from '../plan/make-plan.js';
import type { Clock } from '../lib/clock.js';
import type { ActionCounts } from './plan-summary.js';
import { waitsForPerson } from './plan-summary.js';
import { reasonText, shownPath } from './plan-text.js';
import { Progress } from './progress.js';
import { plainPalette } from './terminal.js';

/** How a message of the classic program is coloured. */
export type Tone = 'plain' | 'status' | 'good' | 'warning' | 'error';

/** One message: a line, or several. Without a newline at its end. */
export interface Message {
  readonly tone: Tone;
  readonly text: string;
}

/** Turns events into the messages of the classic program, and keeps what its screen counts. */
export class ClassicFeed {
  readonly progress: Progress;
  /** Workers that are here now. */
  workers = 0;
  readonly #base: string;
  /** Slots of the agents that are here, by name: a host may have several. */
  readonly #agents = new Map<string, number[]>();
  #counts: ActionCounts = noCounts();
  #commenced = false;

  /** Paths inside `base` are shown relative to it. */
  constructor(clock: Clock, base: string) {
    this.progress = new Progress(clock);
    this.#base = base;
  }

  take(event: RunEvent): readonly Message[] {
    this.progress.update(event);
    switch (event.type) {
      case 'plan-ready':
        this.#counts = event.counts;
        return [];
      case 'plan':
        return event.changes
          .filter(({ action }) => waitsForPerson(action))
          .map(({ output, reasons }) => {
            const why = reasons.map(reasonText).join('; ');
            return { tone: 'error', text: `left: ${shownPath(output, this.#base)}: ${why}` };
          });
      case 'apply-started':
        return [
          { tone: 'plain', text: `We have ${event.tasks} tasks` },
          {
            tone: 'plain',
            text: 'Waiting for worker(s) to connect. We need at least one worker to continue',
          },
        ];
      case 'agent-joined':
        return this.#join(event.agent, event.slots);
      case 'agent-left':
        return this.#leave(event);
      case 'task-started':
        if (this.#commenced) return [];
        this.#commenced = true;
        return [{ tone: 'plain', text: 'Commencing run...' }];
      case 'task-done':
      case 'file-moved':
        return [{ tone: 'status', text: resultLine(event, this.progress) }];
      case 'task-failed':
        return [
          { tone: 'error', text: resultLine(event, this.progress) },
          ...this.#said(event, 'error'),
        ];
      case 'notice':
        return this.#said(event, event.level === 'warning' ? 'warning' : 'plain');
      case 'task-requeued':
      case 'interrupted':
        return this.#said(event, 'warning');
      default:
        return this.#said(event, 'error');
    }
  }

  /** What all of it came to; empty for events that are no summary. Ends in a newline. */
  summary(event: RunEvent): string {
    if (event.type !== 'summary') return '';
    const { tasks, done, failed } = event;
    const check = tasks === 0 ? '' : `input: ${tasks}, output: ${done + failed}\n`;
    return `${check}\n${classicSummary(event, this.#counts)}`;
  }

  #join(agent: string, slots: number): readonly Message[] {
    const before = this.workers;
    this.#agents.set(agent, [...(this.#agents.get(agent) ?? []), slots]);
    this.workers += slots;
    return Array.from({ length: slots }, (_, index) => ({
      tone: 'good',
      text: `Got ${before + index + 1} worker(s)`,
    }));
  }

  #leave(event: Extract<RunEvent, { readonly type: 'agent-left' }>): readonly Message[] {
    this.workers -= this.#agents.get(event.agent)?.shift() ?? 0;
    return this.#said(event, 'warning').map(({ tone, text }) => ({
      tone,
      text: `${text} (${this.workers} running)`,
    }));
  }

  #said(event: RunEvent, tone: Tone): readonly Message[] {
    const text = eventText(event, { base: this.#base, palette: plainPalette }).trimEnd();
    return text === '' ? [] : [{ tone, text }];
  }
}
