import type { Clock } from '../lib/clock.js';
import type { Reporter, RunEvent } from './event.js';
import type { RunState } from './event-line.gen.js';
import { detailOf, eventText, newFailuresText, unreadableText } from './event-text.js';
import type { Detail } from './event-text.js';
import { formatCount, formatCounted, formatDuration, formatRate } from './format.js';
import type { Output } from './output.js';
import { Progress } from './progress.js';
import { ResultText } from './result-text.js';
import { escapeControls } from './text.js';

const PROGRESS_EVERY_MS = 30_000;
const PROGRESS_STEPS = 10;
const RANKS: Readonly<Record<Detail, number>> = { failures: 0, normal: 1, all: 2 };

/** What the reporters for people share. */
export interface TextReporterOptions {
  /** Takes the result. */
  readonly stdout: Output;
  /** Takes progress and diagnostics. */
  readonly stderr: Output;
  readonly clock: Clock;
  /** Paths inside this folder are shown relative to it. */
  readonly base: string;
  /** Shows every row of a plan. */
  readonly full: boolean;
  /** A plan is written as Markdown. */
  readonly markdown: boolean;
}

/**
 * Lines for logs and pipes: start, progress every 10 % or 30 s, failures, summary. With detail
 * `all` a line for each task instead of progress; with `failures` those and nothing else.
 */
export class PlainReporter implements Reporter {
  readonly #options: TextReporterOptions;
  readonly #detail: Detail;
  readonly #progress: Progress;
  readonly #result: ResultText;
  #scanned = '';
  #step = 0;
  #toldAt = 0;
  #watched: RunState | undefined;

  constructor(detail: Detail, options: TextReporterOptions) {
    const { base, full, markdown, stdout, clock } = options;
    this.#options = options;
    this.#detail = detail;
    this.#progress = new Progress(clock);
    this.#result = new ResultText({ base, full, markdown, palette: stdout.palette });
  }

  report(event: RunEvent): void {
    const { stdout, stderr, base } = this.#options;
    this.#progress.update(event);
    const least = detailOf(event);
    if (least !== undefined && RANKS[least] <= RANKS[this.#detail]) {
      stderr.write(eventText(event, { base, palette: stderr.palette }));
    }
    if (event.type === 'run-state') {
      stderr.write(newFailuresText(this.#watched, event, { base, palette: stderr.palette }));
      this.#watched = event;
    }
    const result = this.#result.take(event);
    if (this.#detail === 'failures') {
      if (event.type === 'answer' && event.isBad === true) stdout.write(result);
      if (event.type === 'summary') {
        stderr.write(unreadableText(event, { base, palette: stderr.palette }));
        stderr.write(this.#result.waitingOutputs);
      }
      return;
    }
    stderr.write(this.#milestone(event));
    stdout.write(result);
  }

  close(): void {}

  #milestone(event: RunEvent): string {
    switch (event.type) {
      case 'plan-ready':
        this.#scanned = `${formatCounted(event.sources, 'source')} scanned\n`;
        return '';
      case 'plan':
        return this.#tellScanned();
      case 'summary':
        return this.#tellScanned();
      case 'apply-started': {
        const { planLine } = this.#result;
        const audio = formatDuration(event.audioSeconds * 1000);
        const run = `Run ${escapeControls(event.run)}: ${formatCounted(event.tasks, 'task')}, ${audio} of audio\n`;
        this.#toldAt = this.#options.clock.monotonic();
        const plan = planLine === undefined ? '' : `${planLine}\n`;
        return this.#tellScanned() + plan + run;
      }
      case 'task-done':
      case 'task-failed':
        return this.#detail === 'all' ? '' : this.#progressLine(this.#progress);
      case 'run-state':
        return this.#progressLine(event);
      default:
        return '';
    }
  }

  /** Once, and only by commands that go on from there: others have the number in their answer. */
  #tellScanned(): string {
    const text = this.#scanned;
    this.#scanned = '';
    return text;
  }

  /** Empty while there is nothing new to tell. The end has no line: the summary follows. */
  #progressLine(run: Progress | RunState): string {
    const { tasks, done, failed } = run;
    const finished = done + failed;
    const share = tasks === 0 ? 0 : Math.min(1, finished / tasks);
    const now = this.#options.clock.monotonic();
    const step = Math.floor(share * PROGRESS_STEPS);
    const due = step > this.#step || now - this.#toldAt >= PROGRESS_EVERY_MS;
    if (!due || finished >= tasks) return '';
    this.#step = step;
    this.#toldAt = now;
    const { rate, remainingMs } = run;
    const parts = [
      `${formatCount(finished)} of ${formatCounted(tasks, 'task')}`,
      ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
      ...(typeof rate !== 'number' ? [] : [formatRate(rate)]),
      ...(typeof remainingMs !== 'number' ? [] : [`${formatDuration(remainingMs)} left`]),
    ];
    return `${String(Math.floor(share * 100)).padStart(3)}%  ${parts.join(', ')}\n`;
  }
}
