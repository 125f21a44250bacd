import { createRequire } from 'node:module';
import { stripVTControlCharacters } from 'node:util';

const ELLIPSIS = '…';
/** Of a text that is cut in the middle, the share that stays at the end: names differ there. */
const TAIL_SHARE = 0.6;

/**
 * Control characters, line separators, marks that reverse the direction of text, and halves of
 * surrogate pairs: none of them may reach a terminal from a file name.
 */
const UNSAFE = /[\p{Cc}\p{Cs}\u2028\u2029\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A column each. */
const PLAIN = /^[\x20-\x7E]*$/;
const load = createRequire(import.meta.url);
// To load one takes 50 ms and to make the other 20 ms, and most commands do without.
let segmenter: Intl.Segmenter | undefined;
let stringWidth: ((text: string) => number) | undefined;

/** Makes text safe to print on one line: a newline becomes `\n`, ESC `\x1b`. */
export function escapeControls(text: string): string {
  return text.replaceAll(UNSAFE, (character) => SHORT_ESCAPES[character] ?? hexEscape(character));
}

/** The columns that text takes on a terminal; styles take none, wide characters two. */
export function displayWidth(text: string): number {
  const unstyled = stripVTControlCharacters(text);
  if (PLAIN.test(unstyled)) return unstyled.length;
  stringWidth ??= (load('../packages/string-width.cjs') as typeof import('string-width')).default;
  return stringWidth(text);
}

/** Cuts the middle out of unstyled text so that it fits `columns`: `Artist/Al…01 Song.opus`. */
export function truncateMiddle(text: string, columns: number): string {
  return truncate(text, columns, TAIL_SHARE);
}

/** Cuts the beginning of unstyled text away: `…01 Song.opus`. */
export function truncateStart(text: string, columns: number): string {
  return truncate(text, columns, 1);
}

/** Cuts the end of unstyled text away: `Artist/Al…`. */
export function truncateEnd(text: string, columns: number): string {
  return truncate(text, columns, 0);
}

function truncate(text: string, columns: number, tailShare: number): string {
  if (displayWidth(text) <= columns) return text;
  if (columns <= 1) return columns < 1 ? '' : ELLIPSIS;
  segmenter ??= new Intl.Segmenter();
  const clusters = Array.from(segmenter.segment(text), ({ segment }) => segment);
  const tail = Math.ceil((columns - 1) * tailShare);
  const head = columns - 1 - tail;
  const start = fitting(clusters, head);
  const end = fitting(clusters.toReversed(), tail).toReversed();
  return `${start.join('')}${ELLIPSIS}${end.join('')}`;
}

/** Fills with spaces up to `columns`; longer text stays as it is. */
export function padColumns(text: string, columns: number, side: 'left' | 'right' = 'left'): string {
  const padding = ' '.repeat(Math.max(0, columns - displayWidth(text)));
  return side === 'left' ? text + padding : padding + text;
}

/** Breaks text at spaces into lines of at most `columns`; a longer word has a line of its own. */
export function wrapWords(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/u).filter((part) => part !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && displayWidth(longer) > columns) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** Wraps each line that is too wide, its continuation indented; leaves the others untouched. */
export function hang(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => {
      if (displayWidth(line) <= columns) return [line];
      const [first = '', ...rest] = wrapWords(line, columns - 2);
      return [first, ...rest.map((more) => `  ${more}`)];
    })
    .join('\n');
}

function fitting(clusters: readonly string[], columns: number): string[] {
  const kept: string[] = [];
  let used = 0;
  for (const cluster of clusters) {
    used += displayWidth(cluster);
    if (used > columns) break;
    kept.push(cluster);
  }
  return kept;
}

function hexEscape(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length <= 2 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`;
}
