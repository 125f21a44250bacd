import type { TextLocation } from './failure.js';

/** A text and the file it came from, as people know it. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
}

/**
 * The place of `text[start..end)`, offsets in UTF-16 code units. What goes on over the end of the
 * line is cut there; at least one character is underlined.
 */
export function textLocation(source: SourceText, start: number, end: number): TextLocation {
  const { file, text } = source;
  const from = Math.max(0, Math.min(start, text.length));
  const lineStart = text.lastIndexOf('\n', from - 1) + 1;
  const nextBreak = text.indexOf('\n', from);
  const line = text.slice(lineStart, nextBreak === -1 ? undefined : nextBreak).replace(/\r$/, '');
  const column = Math.min(from - lineStart, line.length);
  const marked = line.slice(column, column + Math.max(0, end - from)).trimEnd();
  return {
    file,
    line: countBreaks(text, lineStart) + 1,
    column: column + 1,
    length: Math.max(1, marked.length),
    text: line,
  };
}

function countBreaks(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
