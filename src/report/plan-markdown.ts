import { groupBy } from '../lib/group-by.js';
import type { PlanCost } from './event.js';
import { formatCount } from './format.js';
import { groupByFolder, rowsText, sizeText } from './plan-rows.js';
import type { PlanRow } from './plan-rows.js';
import {
  actionPhrase,
  SHOWN_ACTIONS,
  summarizeCost,
  summarizePlan,
  summarizeSaved,
} from './plan-summary.js';
import type { ActionCounts, ShownAction } from './plan-summary.js';
import { reasonKey, reasonText, shownPath } from './plan-text.js';

/** A comment on GitHub holds 65,536 characters. */
const MOST_CHARACTERS = 60_000;
const ROWS_PER_REASON = 10;

export interface PlanMarkdownOptions {
  /** Paths inside this folder are shown relative to it. */
  readonly base: string;
  readonly cost?: PlanCost | undefined;
  /** The counts are of the rows alone: nobody knows what is up to date. */
  readonly isSaved?: boolean;
}

/**
 * A plan for a comment on a pull request: grouped by action, reason and folder, names as code, never
 * longer than such a comment may be. Ends in a newline.
 */
export function renderPlanMarkdown(
  changes: readonly PlanRow[],
  counts: ActionCounts,
  { base, cost, isSaved }: PlanMarkdownOptions,
): string {
  const byAction = groupBy(changes, ({ action }) => action);
  const head = [
    '### flac2all plan',
    '',
    (isSaved === true ? summarizeSaved : summarizePlan)(counts),
    '',
    ...(cost === undefined ? [] : summarizeCost(cost).flatMap((line) => [line, ''])),
  ];
  const body = SHOWN_ACTIONS.flatMap((action) =>
    actionLines(action, byAction.get(action) ?? [], base),
  );
  return bounded([...head, ...body]);
}

function actionLines(action: ShownAction, rows: readonly PlanRow[], base: string): string[] {
  if (rows.length === 0) return [];
  const size = sizeText(rows).map((text) => ` (${text})`);
  const groups = [...groupBy(rows, reasonKey).values()];
  return [
    `**${actionPhrase(action, rows.length)}**${size.join('')}`,
    '',
    ...groups.flatMap((group) => [
      `- ${(group[0]?.reasons ?? []).map((reason) => code(reasonText(reason))).join(', ')}`,
      ...placeLines(group, base).map((line) => `  - ${line}`),
    ]),
    '',
  ];
}

function placeLines(rows: readonly PlanRow[], base: string): readonly string[] {
  if (rows.length <= ROWS_PER_REASON)
    return rows.map(({ output }) => code(shownPath(output, base)));
  return groupByFolder(rows, (path) => shownPath(path, base)).map(
    ({ folder, rows: below }) => `${code(folder)} ${rowsText(below)}`,
  );
}

/** Text that Markdown leaves as it is, whatever it holds: between more backticks than it has in a row. */
export function code(text: string): string {
  const runs = text.match(/`+/gu)?.map(({ length }) => length) ?? [];
  const fence = '`'.repeat(Math.max(0, ...runs) + 1);
  const pad = /^[` ]|[` ]$/u.test(text) ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
}

function bounded(lines: readonly string[]): string {
  let text = '';
  for (const [at, line] of lines.entries()) {
    if (text.length + line.length + 1 > MOST_CHARACTERS) {
      const hidden = formatCount(lines.length - at);
      return `${text}\n… and ${hidden} lines more: \`flac2all plan --full\` lists every row.\n`;
    }
    text += `${line}\n`;
  }
  return `${text.trimEnd()}\n`;
}
