import { withoutPrefix } from '../lib/without-prefix.js';
import { unreachable } from '../lib/unreachable.js';
import type { RunEvent, Summary, TaskDone, TaskFailed } from './event.js';
import type { FailureState, RunState } from './event-line.gen.js';
import { renderFailure } from './failure-text.js';
import { formatBytes, formatCounted, formatDuration } from './format.js';
import { reasonText, shownPath } from './plan-text.js';
import type { Palette } from './terminal.js';
import { escapeControls } from './text.js';

export interface EventTextOptions {
  readonly base: string;
  readonly palette: Palette;
}

/**
 * How much of a run is told line by line: `failures` only, what matters (`normal`), or every task
 * (`all`).
 */
export type Detail = 'failures' | 'normal' | 'all';

/** The least detail at which an event has a line of its own; `undefined`: it never has. */
export function detailOf(event: RunEvent): Detail | undefined {
  switch (event.type) {
    case 'failure':
    case 'task-failed':
    case 'scan-problem':
    case 'file-kept':
      return 'failures';
    case 'notice':
    case 'interrupted':
    case 'agent-left':
    case 'task-requeued':
      return 'normal';
    case 'agent-joined':
    case 'task-done':
    case 'file-deleted':
    case 'file-moved':
      return 'all';
    case 'scan-progress':
    case 'plan-ready':
    case 'plan':
    case 'answer':
    case 'apply-started':
    case 'task-started':
    case 'run-state':
    case 'summary':
      return undefined;
    default:
      return unreachable(event);
  }
}

/** An event as text that ends in a newline; empty for events that `detailOf` gives no detail. */
export function eventText(event: RunEvent, options: EventTextOptions): string {
  const { base, palette } = options;
  switch (event.type) {
    case 'failure':
      return renderFailure(event.failure, palette);
    case 'task-failed':
      return taskFailedText(event, options);
    case 'task-done':
      return taskDoneText(event, options);
    case 'scan-problem':
      return line(palette.red('problem:'), `${shownPath(event.path, base)}: ${clean(event.text)}`);
    case 'file-kept':
      return line(
        palette.yellow('kept:'),
        `${shownPath(event.output, base)}: ${clean(event.text)}`,
      );
    case 'file-deleted': {
      const reasons = palette.dim(event.reasons.map(reasonText).join('; '));
      const label = event.trash === undefined ? 'deleted' : 'to trash';
      return line(palette.red(label), `${shownPath(event.output, base)}  ${reasons}`);
    }
    case 'file-moved': {
      const from = palette.dim(`from ${shownPath(event.from, base)}`);
      return line(palette.green('moved'), `${shownPath(event.output, base)}  ${from}`);
    }
    case 'notice':
      return line(noticeLabel(event.level, palette), clean(event.text));
    case 'agent-joined':
      return line('agent', `${clean(event.agent)} joined, ${formatCounted(event.slots, 'worker')}`);
    case 'agent-left':
      return line(palette.yellow('agent'), `${clean(event.agent)} left: ${clean(event.reason)}`);
    case 'task-requeued': {
      const why = `given out again: ${clean(event.worker)}: ${clean(event.reason)}`;
      return line(palette.yellow('again'), `${shownPath(event.output, base)}  ${why}`);
    }
    case 'interrupted':
      return interruptedText(event.how, palette);
    case 'scan-progress':
    case 'plan-ready':
    case 'plan':
    case 'answer':
    case 'apply-started':
    case 'task-started':
    case 'run-state':
    case 'summary':
      return '';
    default:
      return unreachable(event);
  }
}

function taskDoneText(event: TaskDone, { base, palette }: EventTextOptions): string {
  const facts = [formatDuration(event.ms), formatBytes(event.sizeBytes), clean(event.worker)];
  const output = shownPath(event.output, base);
  const warnings = event.warnings.map((text) =>
    line(`  ${palette.yellow('warning:')}`, clean(text)),
  );
  return line(palette.green(event.action), `${output}  ${palette.dim(facts.join(', '))}`).concat(
    ...warnings,
  );
}

function taskFailedText(failed: FailureState, { base, palette }: EventTextOptions): string {
  const what = `${shownPath(failed.source, base)} (${clean(failed.set)}): ${failedText(failed)}`;
  return line(palette.red('failed:'), `${what} ${palette.dim(`[${failed.code}]`)}`);
}

/** Whether a failure of a summary was no task: its source is unreadable or no FLAC. */
export function isUnreadable({ action }: TaskFailed): boolean {
  return action === 'error';
}

/** The unreadable sources of a summary, a line each; for those who are shown no summary. */
export function unreadableText({ failures }: Summary, options: EventTextOptions): string {
  return failures
    .filter(isUnreadable)
    .map((failure) => taskFailedText(failure, options))
    .join('');
}

/** The failures that a state tells and the one before it did not, as text; empty where there is none. */
export function newFailuresText(
  before: RunState | undefined,
  state: RunState,
  options: EventTextOptions,
): string {
  const fresh = state.failed - (before?.failed ?? 0);
  const shown = fresh > 0 ? state.failures.slice(-fresh) : [];
  const untold = fresh - shown.length;
  const more = untold > 0 ? [line(options.palette.red('failed:'), `${untold} others`)] : [];
  return [...more, ...shown.map((failure) => taskFailedText(failure, options))].join('');
}

/** Why a task failed, without the path of its source: that is told beside it. */
export function failedText({ source, text }: Pick<TaskFailed, 'source' | 'text'>): string {
  return clean(withoutPrefix(text, `${source}: `));
}

function interruptedText(how: 'graceful' | 'immediate', palette: Palette): string {
  const what =
    how === 'graceful'
      ? 'running tasks will finish, no more will start; interrupt again to stop at once'
      : 'stopping workers now';
  return line(palette.yellow('interrupted:'), what);
}

function noticeLabel(level: 'info' | 'warning', palette: Palette): string {
  return level === 'warning' ? palette.yellow('warning:') : palette.cyan('note:');
}

function line(label: string, text: string): string {
  return `${label} ${text}\n`;
}

function clean(text: string): string {
  return escapeControls(text);
}
