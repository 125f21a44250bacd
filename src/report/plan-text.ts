import { isAbsolute, relative, sep } from 'node:path';
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
import type { Palette } from './terminal.js';
import { escapeControls } from './text.js';

const ROWS_PER_REASON = 10;
const REASONS_PER_ACTION = 20;
const DIGEST = /[0-9a-f]{32,}/gu;

const SYMBOLS: Readonly<Record<ShownAction, string>> = {
  create: '+',
  update: '~',
  repair: '~',
  retag: '#',
  move: '>',
  adopt: '=',
  delete: '-',
  forget: '.',
  drift: '!',
  conflict: '!',
  error: '!',
  skip: 'x',
};

const STYLES: Readonly<Record<ShownAction, keyof Palette>> = {
  create: 'green',
  update: 'yellow',
  repair: 'yellow',
  retag: 'cyan',
  move: 'cyan',
  adopt: 'cyan',
  delete: 'red',
  forget: 'dim',
  drift: 'red',
  conflict: 'red',
  error: 'red',
  skip: 'yellow',
};

export interface PlanTextOptions {
  /** Paths inside this folder are shown relative to it. */
  readonly base: string;
  /** Shows every row; otherwise long groups are told by their folders. */
  readonly full: boolean;
  readonly palette: Palette;
  /** What the plan takes, told last. */
  readonly cost?: PlanCost | undefined;
  /** The counts are of the rows alone: nobody knows what is up to date. */
  readonly isSaved?: boolean;
}

/**
 * Renders a plan for people, grouped by action, reason and folder, with its counts and what it takes
 * last. Ends in a newline.
 */
export function renderPlan(
  changes: readonly PlanRow[],
  counts: ActionCounts,
  options: PlanTextOptions,
): string {
  const byAction = groupBy(changes, ({ action }) => action);
  const sections = SHOWN_ACTIONS.flatMap((action) => {
    const rows = byAction.get(action) ?? [];
    return rows.length === 0 ? [] : [...renderAction(action, rows, options), ''];
  });
  const { cost } = options;
  const takes = cost === undefined ? [] : summarizeCost(cost);
  const summary = (options.isSaved === true ? summarizeSaved : summarizePlan)(counts);
  return [...sections, summary, ...takes].map((line) => `${line}\n`).join('');
}

/** A path as people want to read it: relative to `base` where it is inside, and safe to print. */
export function shownPath(path: string, base: string): string {
  const rel = relative(base, path);
  const inside = rel !== '' && rel !== '..' && !rel.startsWith(`..${sep}`) && !isAbsolute(rel);
  return escapeControls(inside ? rel : path);
}

/** Texts that tell already which part differs; the digests behind it are another in every row. */
const TELLS_PART = /^(?:tags|source audio) changed: /;

/** A reason in one line, with what was and what is: `option changed: bitrate 128 -> 160`. */
export function reasonText(reason: PlanRow['reasons'][number]): string {
  const { text, old, new: now } = reason;
  if (TELLS_PART.test(text)) return shorten(text);
  const values = old === undefined || now === undefined ? (old ?? now) : `${old} -> ${now}`;
  if (values === undefined || text.includes(values)) return shorten(text);
  return shorten(`${text}${text.includes(': ') ? '' : ':'} ${values}`);
}

function renderAction(
  action: ShownAction,
  rows: readonly PlanRow[],
  options: PlanTextOptions,
): readonly string[] {
  const { full, palette } = options;
  const groups = [...groupBy(rows, reasonKey).values()];
  const shown = full ? groups : groups.slice(0, REASONS_PER_ACTION);
  const hidden = groups.slice(shown.length).reduce((sum, group) => sum + group.length, 0);
  return [
    [palette.bold(actionPhrase(action, rows.length)), ...dimmed(sizeText(rows), palette)].join(' '),
    ...shown.flatMap((group) => renderGroup(action, group, options)),
    ...foldLine(hidden, '  ', palette),
  ];
}

function renderGroup(
  action: ShownAction,
  rows: readonly PlanRow[],
  { base, full, palette }: PlanTextOptions,
): readonly string[] {
  const symbol = palette[STYLES[action]](SYMBOLS[action]);
  const reasons = rows[0]?.reasons ?? [];
  return [
    ...reasons.map((reason) => `  ${palette.dim(reasonText(reason))}`),
    ...(full || rows.length <= ROWS_PER_REASON
      ? rows.map(({ output }) => `    ${symbol} ${shownPath(output, base)}`)
      : folderLines(rows, base, palette).map((line) => `    ${symbol} ${line}`)),
  ];
}

function folderLines(rows: readonly PlanRow[], base: string, palette: Palette): readonly string[] {
  return groupByFolder(rows, (path) => shownPath(path, base)).map(
    ({ folder, rows: below }) => `${folder} ${palette.dim(`(${rowsText(below)})`)}`,
  );
}

function dimmed(texts: readonly string[], palette: Palette): readonly string[] {
  return texts.map((text) => palette.dim(`(${text})`));
}

function foldLine(hidden: number, indent: string, palette: Palette): readonly string[] {
  return hidden === 0
    ? []
    : [`${indent}${palette.dim(`… and ${formatCount(hidden)} more (--full)`)}`];
}

/** Rows of equal keys have the same reasons. */
export function reasonKey({ reasons }: PlanRow): string {
  return reasons.map((reason) => reasonText(reason)).join('\n');
}

/** Digests are told apart by their first digits. */
function shorten(text: string): string {
  return escapeControls(text).replaceAll(DIGEST, (digest) => `${digest.slice(0, 8)}…`);
}
