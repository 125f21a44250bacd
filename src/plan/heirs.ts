import { posix } from 'node:path';
import type { Entry } from '../ledger/entry.js';
import { sharedJson } from '../lib/json.js';
import type { AudioRecipe } from '../manifest/manifest.js';
import { sourceTagId } from '../sources/folder-picture.js';
import type { AudioId, TagId } from '../sources/identity.js';
import type { Desired } from './action.js';
import { recipeOf } from './sidecar.js';

/** What two files must share to be taken for one, besides recipe and audio; the closest come first. */
const LIKENESSES: readonly (readonly Trait[])[] = [
  ['path'],
  ['name', 'tags'],
  ['name'],
  ['tags'],
  [],
];

type Trait = 'path' | 'name' | 'tags';

/**
 * Pairs outputs that lack their audio with rows whose file holds it and is not needed where it
 * stands: the same source under another layout, or the same audio and recipe under another source
 * name; within an output set first, then across them. A row goes to one heir only, and only when
 * nothing else among rows and outputs is as like: the same audio twice is no rename.
 */
export function findHeirs(
  lacking: readonly Desired[],
  rows: readonly Entry[],
  recipeOfRow: RecipeOfRow,
): ReadonlyMap<Desired, Entry> {
  const heirs = new Map<Desired, Entry>();
  const open = related(lacking, rows, keysBy([], false, recipeOfRow));
  if (open.rows.size === 0) return heirs;
  for (const sameSet of [true, false]) {
    for (const traits of LIKENESSES) {
      for (const [wanted, row] of pairs(open, keysBy(traits, sameSet, recipeOfRow))) {
        heirs.set(wanted, row);
        open.wanted.delete(wanted);
        open.rows.delete(row);
      }
    }
  }
  return heirs;
}

/** Those that share recipe and audio with any of the other side: mostly few, of however many. */
function related(
  lacking: readonly Desired[],
  rows: readonly Entry[],
  { ofRow, ofWanted }: Keys,
): Open {
  const lackingKeys = new Set(rows.length === 0 ? [] : lacking.map(ofWanted));
  const near = rows.filter((row) => lackingKeys.has(ofRow(row)));
  const rowKeys = new Set(near.map(ofRow));
  const wanted = near.length === 0 ? [] : lacking.filter((one) => rowKeys.has(ofWanted(one) ?? ''));
  return { wanted: new Set(wanted), rows: new Set(near) };
}

interface Keys {
  readonly ofRow: (row: Entry) => string;
  /** `undefined`: nobody knows what its source holds. */
  readonly ofWanted: (wanted: Desired) => string | undefined;
}

/** What a row's output counts as made by. */
type RecipeOfRow = (row: Entry) => AudioRecipe;

interface Side {
  readonly set: string;
  readonly recipe: AudioRecipe;
  readonly source: { readonly path: string; readonly audioId: AudioId; readonly tagId: TagId };
}

function keysBy(traits: readonly Trait[], sameSet: boolean, recipeOfRow: RecipeOfRow): Keys {
  const values = {
    path: ({ path }: Side['source']) => path,
    name: ({ path }: Side['source']) => posix.basename(path),
    tags: ({ tagId }: Side['source']) => sourceTagId(tagId),
  };
  const key = ({ set, recipe, source }: Side): string =>
    [
      sharedJson(recipe),
      source.audioId,
      sameSet ? set : '',
      ...traits.map((trait) => values[trait](source)),
    ].join('\0');
  return {
    ofRow: (row) => key({ ...row, recipe: recipeOfRow(row) }),
    ofWanted: (wanted) => {
      const { set, source } = wanted;
      if (source.identity === undefined) return undefined;
      const { audioId, tagId } = source.identity;
      const side = { path: source.path, audioId, tagId };
      return key({ set: set.name, recipe: recipeOf(wanted).audio, source: side });
    },
  };
}

/** Not paired yet. */
interface Open {
  readonly wanted: Set<Desired>;
  readonly rows: Set<Entry>;
}

/** Every pair whose key stands once on both sides. */
function pairs(open: Open, keys: Keys): readonly (readonly [Desired, Entry])[] {
  const rows = new Map<string, Entry | 'several'>();
  for (const row of open.rows) {
    const key = keys.ofRow(row);
    rows.set(key, rows.has(key) ? 'several' : row);
  }
  const wanted = new Map<string, Desired | 'several'>();
  for (const one of open.wanted) {
    const key = keys.ofWanted(one);
    if (key !== undefined && rows.has(key)) wanted.set(key, wanted.has(key) ? 'several' : one);
  }
  return [...wanted].flatMap(([key, one]) => {
    const row = rows.get(key);
    const single = one !== 'several' && row !== undefined && row !== 'several';
    return single ? [[one, row] as const] : [];
  });
}
