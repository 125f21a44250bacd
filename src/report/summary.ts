import type { SetSummary, Summary, TaskFailed } from './event.js';
import { failedText, isUnreadable } from './event-text.js';
import type { ActionCounts } from './plan-summary.js';
import { formatBytes, formatCount, formatCounted, formatDuration, formatRate } from './format.js';
import { shownPath } from './plan-text.js';
import type { Palette } from './terminal.js';
import { displayWidth, escapeControls, padColumns } from './text.js';

const FAILURES_SHOWN = 20;
const WHICH = ' (-v or --results FILE tells which)';

export interface SummaryTextOptions {
  /** Paths inside this folder are shown relative to it. */
  readonly base: string;
  readonly palette: Palette;
  /** Of the plan, where that is known. */
  readonly counts?: ActionCounts | undefined;
}

/**
 * Renders what a run came to, as the classic flac2all did: totals, times per set, failures. All numbers
 * but the files on input count outputs, one for each source and set; an unreadable source has failed in
 * each set that wanted it.
 */
export function renderSummary(summary: Summary, options: SummaryTextOptions): string {
  const blocks = [
    renderTotals(summary, options),
    renderSets(summary.sets, options.palette),
    failureLines(summary.failures, options),
    renderInterrupted(summary, options.palette),
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map(blockText)
    .join('\n');
}

/** The failures by their codes, each with its source and reason; empty where there is none. */
export function renderFailures(
  failures: readonly TaskFailed[],
  options: SummaryTextOptions,
): string {
  return blockText(failureLines(failures, options));
}

function blockText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function renderTotals(
  summary: Summary,
  { palette, counts }: SummaryTextOptions,
): readonly string[] {
  const { sources, tasks, done, deleted, trashed = 0, warnings = 0, ms, sets } = summary;
  const { unreadable = 0 } = summary;
  const failed = summary.failed + unreadable;
  const current = counts === undefined ? 0 : counts.noop + counts.touch;
  const audioSeconds = sets.reduce((sum, set) => sum + set.audioSeconds, 0);
  const rate = ms > 0 && audioSeconds > 0 ? ` (${formatRate(audioSeconds / (ms / 1000))})` : '';
  const rows: readonly (readonly [string, string])[] = [
    ['Files on input', formatCount(sources)],
    ...(current > 0 ? [['Up to date', formatCount(current)] as const] : []),
    ['Processed', `${formatCount(done)} of ${formatCount(tasks + unreadable)}`],
    ['Failed', `${failed > 0 ? palette.red(formatCount(failed)) : '0'}${ofThem(unreadable)}`],
    ...(warnings > 0 ? [['Warnings', `${formatCount(warnings)}${WHICH}`] as const] : []),
    ...(deleted > 0 ? [['Deleted', formatCount(deleted)] as const] : []),
    ...(trashed > 0 ? [['Put into trash', formatCount(trashed)] as const] : []),
    ['Time', `${formatDuration(ms)}${rate}`],
  ];
  return [
    palette.bold('Summary'),
    ...rows.map(([name, value]) => `  ${padColumns(name, 16)}${value}`),
  ];
}

function ofThem(unreadable: number): string {
  return unreadable > 0 ? ` (${formatCount(unreadable)} unreadable or not FLAC)` : '';
}

/** One row a set; all columns but the name flush right. */
function renderSets(sets: readonly SetSummary[], palette: Palette): readonly string[] {
  if (sets.length === 0) return [];
  const header = ['Set', 'Count', 'Failed', 'Audio', 'Size', 'Total time', 'Mean', 'Median'];
  const table = [header, ...sets.map(setCells)];
  const widths = header.map((_, column) =>
    Math.max(...table.map((cells) => displayWidth(cells[column] ?? ''))),
  );
  const [head = '', ...rows] = table.map((cells) =>
    cells
      .map((cell, column) => padColumns(cell, widths[column] ?? 0, column === 0 ? 'left' : 'right'))
      .join('  '),
  );
  return [`  ${palette.dim(head)}`, ...rows.map((row) => `  ${row}`)];
}

function setCells(set: SetSummary): readonly string[] {
  return [
    escapeControls(set.set),
    formatCount(set.count),
    formatCount(set.failed + (set.unreadable ?? 0)),
    formatDuration(set.audioSeconds * 1000),
    formatBytes(set.bytes),
    formatDuration(set.totalMs),
    formatDuration(set.meanMs),
    formatDuration(set.medianMs),
  ];
}

function failureLines(
  failures: readonly TaskFailed[],
  { base, palette }: SummaryTextOptions,
): readonly string[] {
  if (failures.length === 0) return [];
  const shown = failures
    .toSorted((a, b) => (a.code === b.code ? 0 : a.code < b.code ? -1 : 1))
    .slice(0, FAILURES_SHOWN);
  const lines = [palette.bold(formatCounted(failures.length, 'failure'))];
  let code = '';
  for (const failure of shown) {
    if (failure.code !== code) {
      code = failure.code;
      const count = failures.filter((other) => other.code === code).length;
      lines.push(`  ${palette.red(code)} (${formatCount(count)})`);
    }
    lines.push(
      `    ${shownPath(failure.source, base)}`,
      `      ${palette.dim(`${escapeControls(failure.set)}: ${failedText(failure)}`)}`,
    );
  }
  const hidden = failures.length - shown.length;
  if (hidden === 0) return lines;
  // Those that were no tasks have no line of their own while the run is at work.
  const where = failures.some(isUnreadable) ? '; --results FILE has them all' : ', told above';
  return [...lines, `  … and ${formatCount(hidden)} more${where}`];
}

function renderInterrupted(summary: Summary, palette: Palette): readonly string[] {
  if (!summary.interrupted) return [];
  const left = summary.tasks - summary.done - summary.failed;
  const verb = left === 1 ? 'is' : 'are';
  return [
    `${palette.yellow('Interrupted:')} ${formatCounted(left, 'task')} ${verb} left.`,
    'What is done is kept. Run the same command again to do the rest.',
  ];
}
