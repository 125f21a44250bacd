import { isUnreadable } from './event-text.js';
import type { RunEvent, TaskDone, TaskFailed } from './event.js';

const COLUMNS = [
  'output',
  'source',
  'set',
  'result',
  'code',
  'text',
  'ms',
  'audio_seconds',
  'size_bytes',
  'sha256',
  'worker',
] as const;

type Row = Readonly<Partial<Record<(typeof COLUMNS)[number], string | number>>>;

/** The first record of `conversion_results.csv` (RFC 4180: CRLF ends a record). */
export const CSV_HEADER: string = `${COLUMNS.join(',')}\r\n`;

/**
 * The records that an event adds: one for a finished task or deleted file, those of the unreadable
 * sources, one for each source and set, with the summary; empty for all other events.
 */
export function csvRecords(event: RunEvent): string {
  return resultRows(event).map(recordOf).join('');
}

function recordOf(row: Row): string {
  return `${COLUMNS.map((column) => field(row[column] ?? '')).join(',')}\r\n`;
}

function resultRows(event: RunEvent): readonly Row[] {
  switch (event.type) {
    case 'task-done':
      return [doneRow(event)];
    case 'task-failed':
      return [failedRow(event)];
    case 'summary':
      return event.failures.filter(isUnreadable).map(failedRow);
    case 'file-deleted':
      return [deletedRow(event)];
    default:
      return [];
  }
}

function doneRow(event: TaskDone): Row {
  const { output, source, ms, audioSeconds, sizeBytes, sha256 } = event;
  return {
    output,
    source,
    ms,
    sha256,
    result: 'done',
    set: inert(event.set),
    text: inert(event.warnings.join('; ')),
    audio_seconds: Math.round(audioSeconds * 1000) / 1000,
    size_bytes: sizeBytes,
    worker: inert(event.worker),
  };
}

function failedRow(event: TaskFailed): Row {
  const { output, source, ms, code } = event;
  return {
    output,
    source,
    ms,
    code,
    result: 'failed',
    set: inert(event.set),
    text: inert(event.text),
    worker: inert(event.worker),
  };
}

function deletedRow(event: Extract<RunEvent, { readonly type: 'file-deleted' }>): Row {
  return {
    output: event.output,
    set: inert(event.set),
    result: event.trash === undefined ? 'deleted' : 'trashed',
    text: inert(event.reasons.map((reason) => reason.text).join('; ')),
  };
}

/**
 * Keeps a spreadsheet from taking free text for a formula. Paths need no such mark, which would
 * falsify them: they are absolute and begin with `/`.
 */
function inert(text: string): string {
  return /^[=+\-@\t\r]/u.test(text) ? `'${text}` : text;
}

function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
