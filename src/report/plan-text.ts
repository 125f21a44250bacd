import { isAbsolute, relative, sep } from 'node:path';
import type { Change, Reason } from '../plan/action.js';
import { formatCount } from './format.js';
import { actionPhrase, SHOWN_ACTIONS, summarizePlan } from './plan-summary.js';
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
  /** Shows every row; otherwise long groups are folded. */
  readonly full: boolean;
  readonly palette: Palette;
}

/** Renders a plan for people, grouped by action and reason, its counts last. Ends in a newline. */
export function renderPlan(
  changes: readonly Change[],
  counts: ActionCounts,
  options: PlanTextOptions,
): string {
  const byAction = groupBy(changes, ({ action }) => action);
  const sections = SHOWN_ACTIONS.flatMap((action) => {
    const rows = byAction.get(action) ?? [];
    return rows.length === 0 ? [] : [...renderAction(action, rows, options), ''];
  });
  return [...sections, summarizePlan(counts)].map((line) => `${line}\n`).join('');
}

/** A path as people want to read it: relative to `base` where it is inside, and safe to print. */
export function shownPath(path: string, base: string): string {
  const rel = relative(base, path);
  const inside = rel !== '' && rel !== '..' && !rel.startsWith(`..${sep}`) && !isAbsolute(rel);
  return escapeControls(inside ? rel : path);
}

/** A reason in one line, with what was and what is: `option changed: bitrate 128 -> 160`. */
export function reasonText(reason: Reason): string {
  const { text, old, new: now } = reason;
  const values = old === undefined || now === undefined ? (old ?? now) : `${old} -> ${now}`;
  if (values === undefined || text.includes(values)) return shorten(text);
  return shorten(`${text}${text.includes(': ') ? '' : ':'} ${values}`);
}

function renderAction(
  action: ShownAction,
  rows: readonly Change[],
  options: PlanTextOptions,
): readonly string[] {
  const { full, palette } = options;
  const groups = [...groupBy(rows, reasonKey).values()];
  const shown = full ? groups : groups.slice(0, REASONS_PER_ACTION);
  const hidden = groups.slice(shown.length).reduce((sum, group) => sum + group.length, 0);
  return [
    palette.bold(actionPhrase(action, rows.length)),
    ...shown.flatMap((group) => renderGroup(action, group, options)),
    ...foldLine(hidden, '  ', palette),
  ];
}

function renderGroup(
  action: ShownAction,
  rows: readonly Change[],
  { base, full, palette }: PlanTextOptions,
): readonly string[] {
  const shown = full ? rows : rows.slice(0, ROWS_PER_REASON);
  const symbol = palette[STYLES[action]](SYMBOLS[action]);
  const reasons = rows[0]?.reasons ?? [];
  return [
    ...reasons.map((reason) => `  ${palette.dim(reasonText(reason))}`),
    ...shown.map(({ output }) => `    ${symbol} ${shownPath(output, base)}`),
    ...foldLine(rows.length - shown.length, '    ', palette),
  ];
}

function foldLine(hidden: number, indent: string, palette: Palette): readonly string[] {
  return hidden === 0
    ? []
    : [`${indent}${palette.dim(`… and ${formatCount(hidden)} more (--full)`)}`];
}

function reasonKey({ reasons }: Change): string {
  return reasons.map((reason) => reasonText(reason)).join('\n');
}

/** Digests are told apart by their first digits. */
function shorten(text: string): string {
  return escapeControls(text).replaceAll(DIGEST, (digest) => `${digest.slice(0, 8)}…`);
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
