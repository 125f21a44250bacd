import { toneStyle } from './classic.js';
import type { Message } from './classic-feed.js';
import { formatCount } from './format.js';
import type { FrameSize } from './screen.js';
import type { Palette } from './terminal.js';
import { displayWidth, padColumns, truncateMiddle, wrapWords } from './text.js';

/** What the full screen shows. */
export interface ScreenView {
  readonly workers: number;
  readonly tasks: number;
  readonly completed: number;
  readonly errors: number;
  /** 0 to 1. */
  readonly share: number;
  /** The last ones, oldest first. */
  readonly messages: readonly Message[];
}

const STATS_COLUMNS = 20;
const TOP_ROWS = 8;
/** In less room than this boxes would leave nothing to see. */
const FEWEST_COLUMNS = 48;
const FEWEST_ROWS = 14;
const BAR_MARGIN = 6;
/** `| 100%` behind the bar. */
const PERCENT_COLUMNS = 6;

/** All rows of the screen, each as wide as the screen: progress, counts, messages. */
export function fullScreenFrame(
  view: ScreenView,
  size: FrameSize,
  palette: Palette,
): readonly string[] {
  const { columns, rows } = size;
  if (columns < FEWEST_COLUMNS || rows < FEWEST_ROWS) return smallFrame(view, size, palette);
  const progress = box('Progress', progressRows(view, columns - STATS_COLUMNS, palette), {
    columns: columns - STATS_COLUMNS,
    rows: TOP_ROWS,
  });
  const stats = box('Stats', ['', ...counts(view).map((text) => ` ${text}`)], {
    columns: STATS_COLUMNS,
    rows: TOP_ROWS,
  });
  const room = { columns: columns - 4, rows: rows - TOP_ROWS - 2 };
  const messages = messageRows(view.messages, room, palette).map((text) => ` ${text}`);
  return [
    ...progress.map((line, index) => line + (stats[index] ?? '')),
    ...box('Messages', messages, { columns, rows: rows - TOP_ROWS }),
  ];
}

function counts({ workers, tasks, completed, errors }: ScreenView): readonly string[] {
  return [
    `Workers: ${formatCount(workers)}`,
    `Tasks: ${formatCount(tasks)}`,
    `Completed: ${formatCount(completed)}`,
    `Errors: ${formatCount(errors)}`,
  ];
}

/** The bar stands in the middle of its box. */
function progressRows({ share }: ScreenView, columns: number, palette: Palette): readonly string[] {
  const width = Math.max(0, columns - 2 - 2 * BAR_MARGIN - PERCENT_COLUMNS);
  return ['', '', '', ' '.repeat(BAR_MARGIN - 1) + palette.cyan(bar(share, width))];
}

function bar(share: number, width: number): string {
  const filled = Math.floor(share * width);
  const percent = String(Math.floor(share * 100)).padStart(3);
  return `|${'█'.repeat(filled)}${' '.repeat(width - filled)}| ${percent}%`;
}

/** Lines inside a frame with a title in it. */
function box(title: string, lines: readonly string[], { columns, rows }: FrameSize): string[] {
  const inner = columns - 2;
  const body = Array.from({ length: rows - 2 }, (_, index) => {
    return `│${padColumns(lines[index] ?? '', inner)}│`;
  });
  const head = `─ ${title} `;
  return [
    `┌${head}${'─'.repeat(Math.max(0, inner - head.length))}┐`,
    ...body,
    `└${'─'.repeat(inner)}┘`,
  ];
}

/** The last messages that there is room for. */
function messageRows(
  messages: readonly Message[],
  { columns, rows }: FrameSize,
  palette: Palette,
): readonly string[] {
  const lines: string[] = [];
  for (const { tone, text } of messages.toReversed()) {
    if (lines.length >= rows) break;
    const style = toneStyle(tone, palette);
    const wrapped = text.split('\n').flatMap((line) => fitted(line, columns));
    lines.unshift(...wrapped.map((line) => style(line)));
  }
  return lines.slice(Math.max(0, lines.length - rows));
}

/** Columns of a result keep their places where they fit; longer text is broken at spaces. */
function fitted(line: string, columns: number): readonly string[] {
  if (displayWidth(line) <= columns) return [line];
  return wrapWords(line, columns).map((part) => truncateMiddle(part, columns));
}

function smallCounts({ workers, tasks, completed, errors }: ScreenView): string {
  return `${completed}/${tasks}, errors: ${errors}, workers: ${workers}`;
}

/** Without boxes: the bar, the counts in a line, messages below. */
function smallFrame(view: ScreenView, size: FrameSize, palette: Palette): readonly string[] {
  const { columns, rows } = size;
  const width = Math.max(0, columns - PERCENT_COLUMNS - 2);
  const lines = [
    palette.cyan(truncateMiddle(bar(view.share, width), columns)),
    truncateMiddle(smallCounts(view), columns),
    ...messageRows(view.messages, { columns, rows: Math.max(0, rows - 2) }, palette),
  ];
  return Array.from({ length: rows }, (_, index) => padColumns(lines[index] ?? '', columns));
}
