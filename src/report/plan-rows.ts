import { dirname } from 'node:path';
import { groupBy } from '../lib/group-by.js';
import type { Change, Reason } from '../plan/action.js';
import { changeBytes } from '../plan/estimate.js';
import { formatBytes, formatCounted } from './format.js';

/** What of a change is shown. */
export type PlanRow = Pick<Change, 'action' | 'output' | 'desired' | 'entry'> & {
  readonly reasons: readonly (Omit<Reason, 'code'> & { readonly code?: string })[];
};

/** Some rows of one folder, and of the folders in it. */
export interface FolderGroup {
  /** As it is shown; ends in `/`. */
  readonly folder: string;
  readonly rows: readonly PlanRow[];
}

/** More folders than this are told by the folder that they are in. */
const FOLDERS = 20;

/**
 * Rows by folder, which `show` makes fit to be read: as deep as that makes at most 20 of them. In the
 * order of the rows.
 */
export function groupByFolder(
  rows: readonly PlanRow[],
  show: (path: string) => string,
): readonly FolderGroup[] {
  const folders = new Map(rows.map((row) => [row, show(dirname(row.output)).split('/')]));
  const groupsAt = (depth: number): ReadonlyMap<string, readonly PlanRow[]> =>
    groupBy(rows, (row) => (folders.get(row) ?? []).slice(0, depth).join('/'));
  // Not `Math.max(...depths)`: a first plan has more rows than a call takes arguments.
  const depths = Array.from(folders.values(), ({ length }) => length);
  const deepest = depths.reduce((most, depth) => Math.max(most, depth), 0);
  let groups = groupsAt(deepest);
  for (let depth = deepest - 1; groups.size > FOLDERS && depth > 0; depth -= 1) {
    groups = groupsAt(depth);
  }
  return [...groups].map(([folder, group]) => ({ folder: `${folder}/`, rows: group }));
}

/** `12 outputs, 340 MiB`; the size is left out where nobody knows it. */
export function rowsText(rows: readonly PlanRow[]): string {
  return [formatCounted(rows.length, 'output'), ...sizeText(rows)].join(', ');
}

/** The size of what the rows are about: of sources where outputs are made, else of outputs. */
export function sizeText(rows: readonly PlanRow[]): readonly string[] {
  const bytes = rows.reduce((sum, row) => sum + changeBytes(row), 0);
  return bytes === 0 ? [] : [formatBytes(bytes)];
}
