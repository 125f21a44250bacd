import type { Entry } from '../ledger/entry.js';
import { sharedJson } from '../lib/json.js';
import type { Recipe } from '../manifest/manifest.js';
import type { AudioId } from '../sources/identity.js';
import type { Desired } from './action.js';
import type { DiskView } from './disk-fact.js';
import { MISSING } from './disk-fact.js';
import { isOurs } from './decide-unwanted.js';

/**
 * Pairs new outputs with rows that nothing wants any more and whose file is still theirs: the same
 * source under another layout, or the same audio and recipe under another source name; within an
 * output set first, then across them. A row goes to one heir only, and only when its audio is not
 * ambiguous among the rows and the new outputs.
 */
export function findHeirs(
  fresh: readonly Desired[],
  orphans: readonly Entry[],
  disk: DiskView,
): ReadonlyMap<Desired, Entry> {
  const usable = orphans.filter(
    (entry) => !entry.unverified && isOurs(entry, disk.get(entry.path) ?? MISSING),
  );
  if (usable.length === 0) return new Map();
  const heirs = new Map<Desired, Entry>();
  for (const sameSet of [true, false]) {
    for (const samePath of [true, false]) {
      const key = (set: string, recipe: Recipe, source: { path: string; audioId: AudioId }) =>
        [
          sharedJson(recipe.audio),
          source.audioId,
          samePath ? source.path : '',
          sameSet ? set : '',
        ].join('\0');
      const taken = new Set(heirs.values());
      pair(heirs, {
        fresh: fresh.filter((wanted) => !heirs.has(wanted)),
        rows: usable.filter((row) => !taken.has(row)),
        keyOfRow: (row) => key(row.set, row.recipe, row.source),
        keyOfWanted: ({ set, source: { path } }, audioId) =>
          key(set.name, set.profile.recipe, { path, audioId }),
      });
    }
  }
  return heirs;
}

interface Pairing {
  readonly fresh: readonly Desired[];
  readonly rows: readonly Entry[];
  readonly keyOfRow: (row: Entry) => string;
  readonly keyOfWanted: (wanted: Desired, audioId: AudioId) => string;
}

/** Adds every pair whose key stands once on both sides. */
function pair(heirs: Map<Desired, Entry>, pairing: Pairing): void {
  const rows = new Map<string, Entry | 'several'>();
  for (const row of pairing.rows) {
    const key = pairing.keyOfRow(row);
    rows.set(key, rows.has(key) ? 'several' : row);
  }
  const wanted = new Map<string, Desired | 'several'>();
  for (const one of pairing.fresh) {
    const audioId = one.source.identity?.audioId;
    if (audioId === undefined) continue;
    const key = pairing.keyOfWanted(one, audioId);
    if (rows.has(key)) wanted.set(key, wanted.has(key) ? 'several' : one);
  }
  for (const [key, one] of wanted) {
    const row = rows.get(key);
    if (one !== 'several' && row !== undefined && row !== 'several') heirs.set(one, row);
  }
}
