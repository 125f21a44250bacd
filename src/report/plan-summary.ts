import type { Action } from '../plan/action.js';
import { formatCount } from './format.js';

export type ActionCounts = Readonly<Record<Action, number>>;

/** The actions that a plan lists; the others change nothing that a person would look for. */
export type ShownAction = Exclude<Action, 'touch' | 'noop' | 'orphan'>;

/** In the order in which a plan lists them. */
export const SHOWN_ACTIONS: readonly ShownAction[] = [
  'create',
  'update',
  'repair',
  'retag',
  'move',
  'adopt',
  'delete',
  'forget',
  'drift',
  'conflict',
  'error',
  'skip',
];

/** How a count of an action reads: `1 conflict`, `3 to update`. */
const PHRASES: Readonly<Record<ShownAction, readonly [one: string, many: string]>> = {
  create: ['to create', 'to create'],
  update: ['to update', 'to update'],
  repair: ['to repair', 'to repair'],
  retag: ['to retag', 'to retag'],
  move: ['to move', 'to move'],
  adopt: ['to adopt', 'to adopt'],
  delete: ['to delete', 'to delete'],
  forget: ['to forget', 'to forget'],
  drift: ['changed outside', 'changed outside'],
  conflict: ['conflict', 'conflicts'],
  error: ['error', 'errors'],
  skip: ['skipped', 'skipped'],
};

/** `12 to create`, `1 conflict`. */
export function actionPhrase(action: ShownAction, count: number): string {
  return `${formatCount(count)} ${PHRASES[action][count === 1 ? 0 : 1]}`;
}

/** The plan in one line: `Plan: 12 to create, 2 conflicts; 240 up to date.` */
export function summarizePlan(counts: ActionCounts): string {
  const phrases = SHOWN_ACTIONS.filter((action) => counts[action] > 0).map((action) =>
    actionPhrase(action, counts[action]),
  );
  if (phrases.length === 0) return summarizeCurrent(counts);
  const current = formatCount(counts.noop + counts.touch);
  return `Plan: ${phrases.join(', ')}; ${current} up to date${orphans(counts)}.`;
}

/** What a run without any work says: `No changes. 240 outputs are up to date.` */
export function summarizeCurrent(counts: ActionCounts): string {
  const current = counts.noop + counts.touch;
  const outputs = current === 1 ? 'output is' : 'outputs are';
  return `No changes. ${formatCount(current)} ${outputs} up to date${orphans(counts)}.`;
}

function orphans({ orphan }: ActionCounts): string {
  return orphan === 0 ? '' : `, ${formatCount(orphan)} no longer wanted (prune is off)`;
}

/** What no apply does anything about: it waits for a person. */
const WAITING: readonly ShownAction[] = ['drift', 'conflict', 'error', 'skip'];

/** Whether an apply would do anything. */
export function hasWork(counts: ActionCounts): boolean {
  return SHOWN_ACTIONS.some((action) => counts[action] > 0 && !WAITING.includes(action));
}

/** How many rows wait for a person: drift, conflicts, unreadable sources, what failed before. */
export function countWaiting(counts: ActionCounts): number {
  return WAITING.reduce((sum, action) => sum + counts[action], 0);
}

/** What a run leaves to a person, in a line: `Left alone: 1 conflict, 2 skipped.`; empty: nothing. */
export function summarizeWaiting(counts: ActionCounts): string {
  const phrases = WAITING.filter((action) => counts[action] > 0).map((action) =>
    actionPhrase(action, counts[action]),
  );
  return phrases.length === 0
    ? ''
    : `Left alone: ${phrases.join(', ')}. "flac2all plan" shows which, and why.`;
}
