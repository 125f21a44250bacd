import { dirname } from 'node:path';
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
  const folders = rows.map(({ output }) => show(dirname(output)).split('/'));
  const depths = folders.map(({ length }) => length);
  let groups = groupsAt(rows, folders, Math.max(...depths));
  for (let depth = Math.max(...depths) - 1; groups.size > FOLDERS && depth > 0; depth -= 1) {
    groups = groupsAt(rows, folders, depth);
  }
  return [...groups].map(([folder, group]) => ({ folder: `${folder}/`, rows: group }));
}

function groupsAt(
  rows: readonly PlanRow[],
  folders: readonly (readonly string[])[],
  depth: number,
): ReadonlyMap<string, readonly PlanRow[]> {
  const groups = new Map<string, PlanRow[]>();
  for (const [at, row] of rows.entries()) {
    const folder = (folders[at] ?? []).slice(0, depth).join('/');
    const group = groups.get(folder);
    if (group === undefined) groups.set(folder, [row]);
    else group.push(row);
  }
  return groups;
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
