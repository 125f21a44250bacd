import type { Action } from '../plan/action.js';
import type { PlanCost } from './event.js';
import { formatBytes, formatCount, formatCounted, formatDuration } from './format.js';

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
  const phrases = phrasesOf(counts);
  if (phrases.length === 0) return summarizeCurrent(counts);
  const current = formatCount(counts.noop + counts.touch);
  return `Plan: ${phrases.join(', ')}; ${current} up to date${orphans(counts)}.`;
}

/** A plan in one line that does not tell what is up to date: `Plan: 12 to create.` */
export function summarizeSaved(counts: ActionCounts): string {
  const phrases = phrasesOf(counts);
  return phrases.length === 0 ? 'Plan: nothing to do.' : `Plan: ${phrases.join(', ')}.`;
}

function phrasesOf(counts: ActionCounts): readonly string[] {
  return SHOWN_ACTIONS.filter((action) => counts[action] > 0).map((action) =>
    actionPhrase(action, counts[action]),
  );
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

/** Whether no apply does anything about such a row. */
export function waitsForPerson(action: Action): boolean {
  return (WAITING as readonly Action[]).includes(action);
}

/** Whether an apply would do anything. */
export function hasWork(counts: ActionCounts): boolean {
  return countWork(counts) > 0;
}

/** How many rows apply would carry out. */
export function countWork(counts: ActionCounts): number {
  const work = SHOWN_ACTIONS.filter((action) => !WAITING.includes(action));
  return work.reduce((sum, action) => sum + counts[action], 0);
}

/** How many rows wait for a person: drift, conflicts, unreadable sources, what failed before. */
export function countWaiting(counts: ActionCounts): number {
  return WAITING.reduce((sum, action) => sum + counts[action], 0);
}

/**
 * What a run leaves to a person: `Left alone: 1 conflict, 2 skipped.`; empty: nothing. Unreadable
 * sources are no part of it: a summary lists them as failures. `problems` are those of the scan.
 */
export function summarizeWaiting(counts: ActionCounts, problems = 0): string {
  const phrases = WAITING.filter((action) => action !== 'error' && counts[action] > 0).map(
    (action) => actionPhrase(action, counts[action]),
  );
  if (problems > 0) phrases.push(problemsPhrase(problems));
  return phrases.length === 0
    ? ''
    : `Left alone: ${phrases.join(', ')}. "flac2all plan" shows which, and why.`;
}

/** The end of an answer that a scan led to: how much the scan could not take, in a line. */
export function tellProblems(problems: number): string {
  return `Left alone: ${problemsPhrase(problems)}, told above.`;
}

function problemsPhrase(problems: number): string {
  return formatCounted(problems, 'problem in the sources', 'problems in the sources');
}

/**
 * What the plan takes, a sentence a line: `To convert: 52m 10s of audio, 1.2 GiB; about 1m 10s on 4
 * workers.`
 */
export function summarizeCost({
  sourceBytes,
  audioSeconds,
  deletedBytes,
  workMs,
  workers,
}: PlanCost): readonly string[] {
  const audio = audioSeconds > 0 ? `${formatDuration(audioSeconds * 1000)} of audio, ` : '';
  const on = `on ${formatCount(workers)} ${workers === 1 ? 'worker' : 'workers'}`;
  const time = workMs === null ? '' : `; about ${formatDuration(workMs / workers)} ${on}`;
  return [
    ...(sourceBytes > 0 ? [`To convert: ${audio}${formatBytes(sourceBytes)}${time}.`] : []),
    ...(deletedBytes > 0 ? [`To delete: ${formatBytes(deletedBytes)}.`] : []),
  ];
}
