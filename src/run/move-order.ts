import type { Entry } from '../ledger/entry.js';
import type { AbsolutePath } from '../lib/brand.js';
import type { Change } from '../plan/action.js';

/** A `move` row with the ledger row whose file it takes. */
export interface Move {
  readonly change: Change;
  readonly from: Entry;
  /** Both paths name one file: the file system does not tell them apart. */
  readonly isAlias: boolean;
}

/** One rename: to its place, or out of the way of a move that has to come before its own. */
export type MoveStep =
  { readonly kind: 'move'; readonly move: Move } | { readonly kind: 'aside'; readonly move: Move };

/**
 * Puts moves in an order in which no file is replaced that still has to move: what stands at the end
 * of a chain goes first. In a ring, one file is set aside first and moves to its place last; so does one
 * that only stands in its own way. Each file moves once and each path is moved to once. Pure.
 */
export function orderMoves(moves: readonly Move[]): readonly MoveStep[] {
  const byFrom = new Map(moves.map((move) => [move.from.path, move]));
  const ordered = new Set<Move>();
  const steps: MoveStep[] = [];
  for (const first of moves) {
    if (ordered.has(first)) continue;
    const { chain, isRing } = follow(first, byFrom, ordered);
    if (isRing || first.isAlias) steps.push({ kind: 'aside', move: first });
    for (const move of chain.toReversed()) steps.push({ kind: 'move', move });
  }
  return steps;
}

interface Chain {
  /** Each next one stands where the one before it moves to. */
  readonly chain: readonly Move[];
  /** The last one moves to where the first one stands. */
  readonly isRing: boolean;
}

/** Marks what it follows as ordered. */
function follow(first: Move, byFrom: ReadonlyMap<AbsolutePath, Move>, ordered: Set<Move>): Chain {
  const chain: Move[] = [];
  let at: Move | undefined = first;
  while (at !== undefined && !ordered.has(at)) {
    ordered.add(at);
    chain.push(at);
    at = byFrom.get(at.change.output);
  }
  return { chain, isRing: at === first };
}
