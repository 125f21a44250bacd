import type { Glance } from '../ledger/entry.js';
import type { Recipe } from '../manifest/manifest.js';
import type { Desired } from './action.js';
import type { DiskView } from './disk-fact.js';
import { pictureNames, wantedTagId } from './folder-pictures.js';
import type { PlanInput } from './make-plan.js';
import { sameRecipe } from './recipe-diff.js';

/**
 * Tells of outputs that there is nothing to decide about: file, source, recipe and set are the recorded
 * ones, so that `decideWanted` says `noop` of them where they have no rivals. Of a library that is up to
 * date that is nearly all, and takes a fraction of the time. `false`: it must decide.
 */
export function settledAmong(input: PlanInput): (wanted: Desired) => boolean {
  if (input.force === true) return () => false;
  const { ledger, disk, encoders } = input;
  const isMadeSo = recipeMemory();
  return (wanted) => {
    const { source, set, sidecar } = wanted;
    if (sidecar || source.recorded === undefined || source.problem !== undefined) return false;
    const row = ledger.entries.glance(wanted.output);
    if (row === undefined || row.source !== source.recorded || row.unverified === true)
      return false;
    const encoder = encoders?.get(set.name);
    return (
      row.set === set.name &&
      isMadeSo(row.recipe, set.profile.recipe) &&
      (encoder === undefined || encoder === row.encoder) &&
      isThere(wanted, row, disk) &&
      isTagged(wanted, row)
    );
  };
}

/** Compares recipes once, as long as the same two come again. */
function recipeMemory(): (made: Recipe, wanted: Recipe) => boolean {
  let last: { readonly made: Recipe; readonly wanted: Recipe; readonly same: boolean } | undefined;
  return (made, wanted) => {
    if (last?.made !== made || last.wanted !== wanted) {
      last = { made, wanted, same: sameRecipe(made, wanted) };
    }
    return last.same;
  };
}

function isThere({ output }: Desired, row: Glance, disk: DiskView): boolean {
  if (disk.isAsRecorded !== undefined) return disk.isAsRecorded(output);
  const there = disk.get(output);
  return there?.kind === 'file' && there.stat === row.stat && there.alias === undefined;
}

/** Only a picture beside the source can have changed: its own tags are the recorded ones. */
function isTagged(wanted: Desired, row: Glance): boolean {
  if (pictureNames(wanted.set).length === 0) return true;
  const { identity } = wanted.source;
  const { tagId } = row.source;
  return identity !== undefined && wantedTagId(wanted, identity.tagId, tagId) === tagId;
}
