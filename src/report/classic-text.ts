import type { RunEvent, SetSummary, Summary } from './event.js';
import { withoutPrefix } from '../lib/without-prefix.js';
import { countWaiting } from './plan-summary.js';
import type { ActionCounts } from './plan-summary.js';
import type { Progress } from './progress.js';
import { escapeControls, padColumns, truncateMiddle } from './text.js';

const NAME_COLUMNS = 36;
const MODE_COLUMNS = 12;
const RULE_COLUMNS = 80;
const TEN_MINUTES_MS = 600_000;
const HOUR_MS = 3_600_000;

/** An output set as the classic program calls it: `ffmpeg:alac` for `ffmpeg-alac`. */
export function modeName(set: string): string {
  return set.replace(/^ffmpeg-/u, 'ffmpeg:');
}

export type Finished = Extract<
  RunEvent,
  { readonly type: 'task-done' | 'task-failed' | 'file-moved' }
>;

/** What became of one output: `n:NAME t:MODE s:SUCCESS 12/152`. Without a newline. */
export function resultLine(event: Finished, { finished, tasks }: Progress): string {
  const path = event.type === 'file-moved' ? event.output : event.source;
  const name = escapeControls(path.slice(path.lastIndexOf('/') + 1).replace(/\.flac$/iu, ''));
  const cells = [
    `n:${padColumns(truncateMiddle(name, NAME_COLUMNS), NAME_COLUMNS)}`,
    `t:${padColumns(modeName(event.set), MODE_COLUMNS)}`,
    `s:${{ 'task-done': 'SUCCESS', 'task-failed': 'ERROR', 'file-moved': 'MOVED' }[event.type]}`,
    ...(event.type === 'file-moved' ? [] : [`${finished}/${tasks}`]),
  ];
  return cells.join(' ');
}

/** `conversion_status` of a finished output in `conversion_results.log`. */
export function conversionStatus(event: Finished): string {
  if (event.type === 'file-moved') return 'SUCCESS:MOVED';
  if (event.type === 'task-done') return 'SUCCESS';
  return `ERROR: ${withoutPrefix(event.text, `${event.source}: `)}`;
}

/** What a run came to, in the words of the classic program. Ends in a newline. */
export function classicSummary(summary: Summary, counts: ActionCounts): string {
  const { tasks, done, failed, sets, ms, interrupted } = summary;
  const waiting = countWaiting(counts);
  const skipped = counts.noop + counts.touch + counts.adopt + counts.move;
  const processed = done + failed + skipped + waiting;
  const total = tasks + skipped + waiting;
  const lines = [
    '='.repeat(RULE_COLUMNS),
    '| Summary',
    '-'.repeat(RULE_COLUMNS),
    '',
    `Total files on input: ${total}`,
    `Total files actually processed: ${processed}`,
    '--',
    `Execution rate: ${percent(processed, total, 100)} %`,
    '',
    `Files that exist already, skipped: ${skipped}`,
    `Files we managed to convert successfully: ${done}`,
    `Files we failed to convert due to errors: ${failed}`,
    ...(waiting === 0 ? [] : [`Files left as they are, told above: ${waiting}`]),
    '--',
    `Conversion error rate: ${percent(failed, done + failed, 0)} %`,
    '',
    ...sets.filter(({ count, failed: bad }) => count + bad > 0).flatMap(modeLines),
    `Total execution time: ${(ms / 1000).toFixed(2)} seconds`,
    ...(interrupted ? ['Interrupted. Run the same command again to do the rest.'] : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function percent(part: number, whole: number, ofNothing: number): string {
  return (whole === 0 ? ofNothing : (100 * part) / whole).toFixed(2);
}

function modeLines({ set, count, totalMs, meanMs, medianMs }: SetSummary): readonly string[] {
  const head = `For mode: ${escapeControls(modeName(set))}`;
  if (count === 0) return [head, 'No data (no files converted)', ''];
  return [
    head,
    `Total execution time: ${executionTime(totalMs)}`,
    'Per file conversion:',
    `\tMean execution time: ${(meanMs / 1000).toFixed(4)} seconds`,
    `\tMedian execution time: ${(medianMs / 1000).toFixed(4)} seconds`,
    '',
  ];
}

function executionTime(ms: number): string {
  if (ms < TEN_MINUTES_MS) return `${(ms / 1000).toFixed(4)} seconds`;
  if (ms < HOUR_MS) return `${(ms / 60_000).toFixed(4)} minutes`;
  return `${(ms / HOUR_MS).toFixed(4)} hours`;
}
