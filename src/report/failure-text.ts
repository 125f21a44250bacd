import type { Failure, TextLocation } from '../lib/failure.js';
import type { Palette } from './terminal.js';
import { displayWidth, escapeControls } from './text.js';

/** Renders a failure for people: message, place, the line with a caret, way out. Ends in a newline. */
export function renderFailure(failure: Failure, palette: Palette): string {
  const { code, message, location, hint } = failure;
  const head = `${palette.red(palette.bold('error:'))} ${escapeControls(message)}`;
  const lines = [`${head} ${palette.dim(`[${code}]`)}`];
  if (location !== undefined) lines.push(...renderLocation(location, palette));
  if (hint !== undefined) lines.push(`${palette.cyan('hint:')} ${escapeControls(hint)}`);
  return lines.map((line) => `${line}\n`).join('');
}

function renderLocation(location: TextLocation, palette: Palette): readonly string[] {
  const { file, line, column, length, text } = location;
  const gutter = String(line);
  const bar = palette.dim('|');
  const before = escapeControls(text.slice(0, column - 1));
  const marked = escapeControls(text.slice(column - 1, column - 1 + length));
  const carets = '^'.repeat(Math.max(1, displayWidth(marked)));
  return [
    `  ${palette.dim('at')} ${escapeControls(file)}:${line}:${column}`,
    `  ${palette.dim(gutter)} ${bar} ${escapeControls(text)}`,
    `  ${' '.repeat(gutter.length)} ${bar} ${' '.repeat(displayWidth(before))}${palette.red(carets)}`,
  ];
}
