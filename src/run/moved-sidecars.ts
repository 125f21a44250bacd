import type { LedgerView } from '../ledger/entry.js';
import type { Desired } from '../plan/action.js';
import { identifySources } from '../sources/identify.js';

/**
 * Sidecars whose output was made from a file at another path: only their bytes, compared with what
 * is recorded of that one, tell whether the output is still right. All others come as they are.
 */
export async function identifyMovedSidecars(
  desired: readonly Desired[],
  ledger: LedgerView,
  options: { readonly signal?: AbortSignal },
): Promise<readonly Desired[]> {
  const identified: Desired[] = [];
  for (const wanted of desired) {
    const { sidecar, source } = wanted;
    const entry = sidecar ? ledger.entries.get(wanted.output) : undefined;
    if (entry === undefined || entry.source.path === source.path) {
      identified.push(wanted);
      continue;
    }
    const recorded = () => [entry.source];
    const [fact] = await identifySources([source], recorded, { ...options, sidecar: true });
    identified.push(fact === undefined ? wanted : { ...wanted, source: fact });
  }
  return identified;
}
