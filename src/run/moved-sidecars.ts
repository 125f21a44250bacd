import type { Entry, LedgerView } from '../ledger/entry.js';
import { statSize } from '../lib/stat-key.js';
import type { Desired } from '../plan/action.js';
import { sameRecipe } from '../plan/recipe-diff.js';
import { SIDECAR_RECIPE } from '../plan/sidecar.js';
import { identifyByBytes, identifySources } from '../sources/identify.js';
import type { SourceFact } from '../sources/source.js';

/**
 * Sidecars whose output was made from a file at another path, or that may be such files themselves:
 * only their bytes, compared with what is recorded of that one, tell. All others come as they are.
 */
export async function identifyMovedSidecars(
  desired: readonly Desired[],
  ledger: LedgerView,
  options: { readonly signal?: AbortSignal },
): Promise<readonly Desired[]> {
  if (!desired.some(({ sidecar }) => sidecar)) return desired;
  const lost = lostSizes(desired, ledger);
  const identified: Desired[] = [];
  for (const wanted of desired) {
    const { sidecar, source } = wanted;
    const entry = sidecar ? ledger.entries.get(wanted.output) : undefined;
    const moved =
      entry === undefined ? lost.has(statSize(source.stat)) : entry.source.path !== source.path;
    if (!sidecar || !moved || source.identity !== undefined) {
      identified.push(wanted);
      continue;
    }
    identified.push({ ...wanted, source: await identify(source, entry, options.signal) });
  }
  return identified;
}

async function identify(
  source: SourceFact,
  entry: Entry | undefined,
  signal: AbortSignal | undefined,
): Promise<SourceFact> {
  if (entry === undefined) return identifyByBytes(source, signal);
  const options = { sidecar: true, ...(signal === undefined ? {} : { signal }) };
  const [fact] = await identifySources([source], () => [entry.source], options);
  return fact ?? source;
}

/** Sizes of recorded sidecars that no wanted output is made from at their old place. */
function lostSizes(desired: readonly Desired[], { entries }: LedgerView): ReadonlySet<number> {
  if (!desired.some(({ sidecar, output }) => sidecar && !entries.has(output))) return new Set();
  const kept = new Set(
    desired.flatMap(({ sidecar, output, source }) =>
      sidecar && entries.get(output)?.source.stat === source.stat ? [output] : [],
    ),
  );
  const sizes = new Set<number>();
  for (const entry of entries.values()) {
    if (isSidecar(entry) && !kept.has(entry.path)) sizes.add(statSize(entry.source.stat));
  }
  return sizes;
}

function isSidecar({ source, recipe }: Entry): boolean {
  return source.audioId.startsWith('sha256:') && sameRecipe(recipe, SIDECAR_RECIPE);
}
