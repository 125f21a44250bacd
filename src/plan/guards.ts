import type { Entry } from '../ledger/entry.js';
import { isTrashed } from '../ledger/trash.js';
import type { AbsolutePath } from '../lib/brand.js';
import type { Manifest, OutputSet } from '../manifest/manifest.js';
import type { GuardFailure } from './failure.js';
import type { Plan } from './make-plan.js';

/** Stops a plan that deletes more than the policy (or `--max-delete`) allows. */
export function guardDeletes(plan: Plan, manifest: Manifest): GuardFailure | undefined {
  const { maxDelete } = manifest.policy;
  const deletes = plan.counts.delete;
  const allowed = 'files' in maxDelete ? maxDelete.files : Math.floor(maxDelete.share * plan.rows);
  if (deletes <= allowed) return undefined;
  if ('share' in maxDelete && deletes < maxDelete.atLeast) return undefined;
  return {
    code: 'TOO_MANY_DELETES',
    message: `${deletes} of ${plan.rows} outputs would be deleted, and policy.maxDelete allows ${allowed}`,
    hint: `if that is right, run again with --max-delete ${deletes}`,
  };
}

/**
 * Stops a plan whose source has suddenly nothing in it although outputs were made from it; those
 * whose sources could not be looked at do not count, they are kept anyway.
 */
export function guardEmptySource(options: {
  readonly manifest: Manifest;
  readonly emptySets: readonly string[];
  readonly entries: Iterable<Entry>;
  readonly unseen: (source: AbsolutePath) => boolean;
}): GuardFailure | undefined {
  const { manifest, emptySets, entries, unseen } = options;
  if (emptySets.length === 0) return undefined;
  const empty = manifest.sources.filter(({ name }) => emptySets.includes(name));
  const sourceOf = new Map(manifest.outputs.map(({ name, from }) => [name, from]));
  for (const entry of entries) {
    if (isTrashed(entry.path)) continue;
    const from = sourceOf.get(entry.set);
    const source = empty.find(({ name, root }) =>
      from === undefined ? entry.source.path.startsWith(`${root}/`) : from === name,
    );
    if (source === undefined || unseen(entry.source.path)) continue;
    return {
      code: 'SOURCE_EMPTY',
      message: `no FLAC file is left in ${source.root} (source ${source.name}), but outputs were made from it`,
      hint: 'is the disk mounted? If the source is really empty, remove it from the manifest',
    };
  }
  return undefined;
}

/** Stops a plan that would make all outputs of a set again in the folder where a disk is mounted otherwise. */
export function guardUnmounted(
  unmounted: { readonly set: OutputSet; readonly folder: AbsolutePath } | undefined,
): GuardFailure | undefined {
  if (unmounted === undefined) return undefined;
  const { set, folder } = unmounted;
  return {
    code: 'OUTPUTS_MISSING',
    message: `all outputs of ${set.name} are gone: ${folder} is empty`,
    hint: `is the disk mounted? To make them all again, put any file into ${folder}`,
  };
}
