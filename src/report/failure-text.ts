import type { Failure, TextLocation } from '../lib/failure.js';
import type { Palette } from './terminal.js';
import { displayWidth, escapeControls, truncateEnd, truncateStart } from './text.js';

/** Renders a failure for people: message, place, the line with a caret, way out. Ends in a newline. */
export function renderFailure(failure: Failure, palette: Palette): string {
  const { code, message, location, hint } = failure;
  const head = `${palette.red(palette.bold('error:'))} ${escapeControls(message)}`;
  const lines = [`${head} ${palette.dim(`[${code}]`)}`];
  if (location !== undefined) lines.push(...renderLocation(location, palette));
  if (hint !== undefined) lines.push(`${palette.cyan('hint:')} ${escapeControls(hint)}`);
  return lines.map((line) => `${line}\n`).join('');
}

/** Of a line of text, what fits beside its number on a terminal of 80 columns. */
const SHOWN_COLUMNS = 70;

function renderLocation(location: TextLocation, palette: Palette): readonly string[] {
  const { file, line, column } = location;
  const gutter = String(line);
  const bar = palette.dim('|');
  const { before, marked, after } = excerpt(location);
  const carets = '^'.repeat(Math.max(1, displayWidth(marked)));
  return [
    `  ${palette.dim('at')} ${escapeControls(file)}:${line}:${column}`,
    `  ${palette.dim(gutter)} ${bar} ${before}${marked}${after}`,
    `  ${' '.repeat(gutter.length)} ${bar} ${' '.repeat(displayWidth(before))}${palette.red(carets)}`,
  ];
}

/** The marked part of a line with as much of what surrounds it as can be shown. */
function excerpt({ text, column, length }: TextLocation): {
  readonly before: string;
  readonly marked: string;
  readonly after: string;
} {
  const head = escapeControls(text.slice(0, column - 1));
  const marked = truncateEnd(
    escapeControls(text.slice(column - 1, column - 1 + length)),
    SHOWN_COLUMNS,
  );
  const tail = escapeControls(text.slice(column - 1 + length));
  const room = SHOWN_COLUMNS - displayWidth(marked);
  const tailRoom = Math.max(Math.floor(room / 2), room - displayWidth(head));
  const after = truncateEnd(tail, tailRoom);
  return { before: truncateStart(head, room - displayWidth(after)), marked, after };
}
