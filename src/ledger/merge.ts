import type { AbsolutePath } from '../lib/brand.js';
import type { Store } from './checkpoint.js';
import type { ShardRef } from './root-file.js';
import type { Row, RowKind } from './row.js';
import { textLines } from './lines.js';
import { readShard, rowIn } from './shard.js';

/** A row's key. */
export type RowKey = readonly [kind: RowKind, path: AbsolutePath];

/** Which shards stay as they are, and which keys the new shards hold on top of them. */
export interface Merge {
  readonly kept: readonly ShardRef[];
  readonly keys: readonly RowKey[];
}

/**
 * Decides what a checkpoint writes. Shards that were written together are a run; while the last
 * run is less than twice as big as what is to be written, it is written again with it. So sizes
 * grow geometrically: a row is rewritten about log2(rows) times in its life, and there are about
 * as many runs.
 */
export async function planMerge(store: Store): Promise<Merge> {
  const { state } = store;
  if (store.rewrite) return { kept: [], keys: allKeys(store) };
  const keys = new Map<string, RowKey>();
  for (const kind of ['entry', 'failure', 'directory'] as const) {
    for (const path of state.changed[kind]) keys.set(`${kind} ${path}`, [kind, path]);
  }
  if (keys.size === 0) return { kept: store.root.shards, keys: [] };
  let kept = store.root.shards;
  for (;;) {
    const run = lastRun(kept);
    if (run.length === 0 || rowsIn(run) >= 2 * keys.size) break;
    for (const ref of run) if (!(await addKeys(store, ref, keys))) return everything(store);
    kept = kept.slice(0, kept.length - run.length);
  }
  return { kept, keys: [...keys.values()] };
}

/** A shard went bad after it was loaded: memory still has its rows. */
function everything(store: Store): Merge {
  return { kept: [], keys: allKeys(store) };
}

function allKeys({ state }: Store): readonly RowKey[] {
  return [
    ...Array.from(state.entries.keys(), (path): RowKey => ['entry', path]),
    ...[...state.failures.keys()].map((path): RowKey => ['failure', path]),
    ...[...state.directories].map((path): RowKey => ['directory', path]),
  ];
}

function lastRun(shards: readonly ShardRef[]): readonly ShardRef[] {
  const serial = runOf(shards.at(-1));
  return shards.slice(shards.findIndex((ref) => runOf(ref) === serial));
}

function runOf(ref: ShardRef | undefined): string | undefined {
  return ref?.file.split('-')[0];
}

function rowsIn(run: readonly ShardRef[]): number {
  return run.reduce((sum, { rows }) => sum + rows, 0);
}

async function addKeys(store: Store, ref: ShardRef, keys: Map<string, RowKey>): Promise<boolean> {
  const { whole, pieces } = await readShard(store, ref);
  if (!whole) return false;
  for await (const lines of textLines(pieces)) {
    for (const line of lines) {
      const row = rowIn(line, whole) as Row | undefined;
      if (row === undefined) continue;
      const kind = row[0] === 'gone' ? row[2] : row[0];
      const path = store.codec.path(row);
      keys.set(`${kind} ${path}`, [kind, path]);
    }
  }
  return true;
}
