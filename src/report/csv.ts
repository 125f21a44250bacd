import type { RunEvent } from './event.js';

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

/** The record of a finished task or deleted file; `undefined` for all other events. */
export function csvRecord(event: RunEvent): string | undefined {
  const row = resultRow(event);
  return row && `${COLUMNS.map((column) => field(row[column] ?? '')).join(',')}\r\n`;
}

function resultRow(event: RunEvent): Row | undefined {
  if (event.type === 'task-done') {
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
  if (event.type === 'task-failed') {
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
  if (event.type === 'file-deleted') {
    const text = inert(event.reasons.map((reason) => reason.text).join('; '));
    return {
      output: event.output,
      set: inert(event.set),
      result: event.trash === undefined ? 'deleted' : 'trashed',
      text,
    };
  }
  return undefined;
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
