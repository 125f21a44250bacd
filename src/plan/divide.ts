/** What a piece of work costs, and what else should go where it goes. */
export interface Weighed {
  /** Of any unit, the same for all. */
  readonly cost: number;
  /** Pieces of one source are worked on together, so that it is read from memory. */
  readonly source: string;
}

/**
 * Divides work into so many shares of about the same cost: the dearest source first, each to the
 * share that has least so far. The same work gives the same shares, in whatever order it comes; no
 * share is more than one source dearer than another. Shares may be empty.
 */
export function divide<T extends Weighed>(work: readonly T[], shares: number): readonly T[][] {
  const loads = Array.from({ length: shares }, () => ({ cost: 0, work: [] as T[] }));
  for (const group of groupsOf(work)) {
    let least = loads[0];
    for (const load of loads) if (least === undefined || load.cost < least.cost) least = load;
    if (least === undefined) throw new Error('there is no share to give work to');
    least.cost += group.cost;
    least.work.push(...group.work);
  }
  return loads.map((load) => load.work);
}

function groupsOf<T extends Weighed>(
  work: readonly T[],
): readonly { readonly cost: number; readonly work: readonly T[] }[] {
  const groups = new Map<string, { readonly source: string; cost: number; readonly work: T[] }>();
  for (const piece of work) {
    const group = groups.get(piece.source) ?? { source: piece.source, cost: 0, work: [] };
    groups.set(piece.source, group);
    group.cost += piece.cost;
    group.work.push(piece);
  }
  return [...groups.values()].sort((a, b) => b.cost - a.cost || (a.source < b.source ? -1 : 1));
}
