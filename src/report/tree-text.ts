import type { RunEvent } from './event.js';
import { formatCount, formatCounted, formatDuration, formatRate } from './format.js';
import { shownPath } from './plan-text.js';
import type { Progress } from './progress.js';
import type { FrameSize } from './screen.js';
import { displayWidth, escapeControls, padColumns, truncateMiddle } from './text.js';

const BAR_COLUMNS = 40;
const WORKER_COLUMNS = 16;

type ScanProgress = Extract<RunEvent, { readonly type: 'scan-progress' }>;

/** `Reading headers 120 of 12,340`. */
export function scanTitle({ stage, done, total }: ScanProgress): string {
  const what = {
    sources: 'Scanning sources',
    headers: 'Reading headers',
    outputs: 'Checking outputs',
  }[stage];
  return `${what} ${formatCount(done)}${total === undefined ? '' : ` of ${formatCount(total)}`}`;
}

/** `Converting 121 of 340 files, 42x real time, 4m 12s left, 3 failed`. */
export function convertTitle(progress: Progress): string {
  const { finished, tasks, failed, rate, remainingMs } = progress;
  return [
    `Converting ${formatCount(finished)} of ${formatCounted(tasks, 'file')}`,
    ...(rate === undefined ? [] : [formatRate(rate)]),
    ...(remainingMs === undefined ? [] : [`${formatDuration(remainingMs)} left`]),
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
  ].join(', ');
}

/** What stays when all is done: `Converted 337 files in 12m 03s, 3 failed`. */
export function convertedTitle(progress: Progress, interrupted: boolean): string {
  const { done, failed, tasks, elapsedMs } = progress;
  const files = interrupted
    ? `${formatCount(done)} of ${formatCounted(tasks, 'file')}`
    : formatCounted(done, 'file');
  const failures = failed > 0 ? `, ${formatCount(failed)} failed` : '';
  const end = interrupted ? ', interrupted' : '';
  return `Converted ${files} in ${formatDuration(elapsedMs)}${failures}${end}`;
}

/** `━━━━━━━━────────────  36%`, at most 40 columns of bar. */
export function progressBar(share: number, columns: number): string {
  const width = Math.max(0, Math.min(BAR_COLUMNS, columns - 6));
  const filled = Math.floor(share * width);
  const percent = String(Math.floor(share * 100)).padStart(3);
  return `${'━'.repeat(filled)}${'─'.repeat(width - filled)} ${percent}%`;
}

/** One line for each busy worker with its file, cut to size; the last line counts those left out. */
export function workerLines(
  working: ReadonlyMap<string, string>,
  size: FrameSize,
  base: string,
): readonly string[] {
  const workers = [...working].toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  const room = Math.max(0, size.rows);
  const shown = workers.length <= room ? workers : workers.slice(0, Math.max(0, room - 1));
  const names = shown.map(([name]) => truncateMiddle(escapeControls(name), WORKER_COLUMNS));
  const nameColumns = Math.max(0, ...names.map(displayWidth));
  const lines = shown.map(([, output], index) => {
    const name = padColumns(names[index] ?? '', nameColumns);
    return `${name}  ${truncateMiddle(shownPath(output, base), size.columns - nameColumns - 2)}`;
  });
  const hidden = workers.length - shown.length;
  return hidden > 0 && room > 0
    ? [...lines, `… and ${formatCounted(hidden, 'more worker', 'more workers')}`]
    : lines;
}
