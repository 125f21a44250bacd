import type { Entry } from '../ledger/entry.js';
import type { AbsolutePath } from '../lib/brand.js';
import { isPartPath } from '../lib/file-name.js';
import type { Change, Reason } from '../plan/action.js';
import type { DiskFact, DiskView } from '../plan/disk-fact.js';
import { MISSING } from '../plan/disk-fact.js';
import type { RunEvent } from '../report/event.js';
import type { CommitContext } from './commit.js';
import { moveOutput, setAside } from './move-output.js';
import { orderMoves } from './move-order.js';
import type { Move } from './move-order.js';

export interface MoveOptions {
  readonly context: CommitContext;
  readonly emit: (event: RunEvent) => void;
  /** Aborted: nothing more is moved. */
  readonly drain: AbortSignal;
  /** What the plan saw at the outputs' paths. */
  readonly seen: DiskView;
}

export interface Moves {
  /** What is still to be made. */
  readonly left: readonly Change[];
  /** What stands now where a file was moved from or to. */
  readonly moved: DiskView;
  /** Rows whose file did not move and is not needed where it stands. */
  readonly unmoved: readonly Change[];
}

/**
 * Renames first. What no rename can make (to another disk, say) is left for workers, who copy the old
 * file and tag the copy, as they do where tags have changed.
 */
export async function moveOutputs(
  changes: readonly Change[],
  options: MoveOptions,
): Promise<Moves> {
  const mover = new Mover(options);
  const moves = changes
    .filter(({ action }) => action === 'move')
    .map((change) => toMove(change, options.seen));
  for (const { kind, move } of orderMoves(moves)) {
    // A ring that was begun is ended: what was set aside would else replace what did not move.
    if (options.drain.aborted && mover.setAsideNow === undefined) continue;
    if (kind === 'aside') await mover.setAside(move);
    else await mover.move(move);
  }
  const rest = changes.filter(({ action }) => action !== 'move');
  return { left: [...rest, ...mover.left], moved: mover.moved, unmoved: mover.unmoved };
}

function toMove(change: Change, seen: DiskView): Move {
  const { entry: from, output } = change;
  if (from === undefined) throw new Error('a move has a row');
  const there = seen.get(output);
  return { change, from, isAlias: there?.kind === 'file' && there.alias === from.path };
}

const TAGS: ReadonlySet<Reason['code']> = new Set(['tags-changed']);
const AUDIO: ReadonlySet<Reason['code']> = new Set(['audio-changed', 'option-changed']);

/** Moves one file after the other, and knows where each stands by then. */
class Mover implements Moves {
  readonly left: Change[] = [];
  readonly moved = new Map<AbsolutePath, DiskFact>();
  readonly unmoved: Change[] = [];
  /** The row that a file has which is on its way round a ring. */
  setAsideNow: { readonly move: Move; readonly row: Entry } | undefined;
  readonly #options: MoveOptions;

  constructor(options: MoveOptions) {
    this.#options = options;
  }

  async setAside(move: Move): Promise<void> {
    const aside = await setAside(move.from, this.#options.context);
    if (!aside.ok) return;
    this.setAsideNow = { move, row: aside.value };
    this.moved.set(move.from.path, MISSING);
    if (move.isAlias) this.moved.set(move.change.output, MISSING);
  }

  async move(move: Move): Promise<void> {
    const { context, emit } = this.#options;
    const { change } = move;
    const { output, set, reasons } = change;
    const from = this.#fromNow(move);
    const done = await moveOutput({ ...move, from }, this.#expected(output), context);
    if (!done.ok) return this.#fail({ ...move, from }, done.error);
    this.moved.set(from.path, MISSING);
    this.moved.set(output, { kind: 'file', stat: done.value });
    emit({ type: 'file-moved', from: move.from.path, output, set, reasons });
    const has = (codes: typeof TAGS): boolean => reasons.some(({ code }) => codes.has(code));
    if (has(AUDIO)) this.left.push({ ...change, action: 'update' });
    else if (has(TAGS)) this.left.push({ ...change, action: 'retag' });
  }

  #fail({ change, from }: Move, why: string): void {
    const { output, desired, set } = change;
    const text = `${output} could not be renamed into place and is copied or made again: ${why}`;
    this.#options.emit({ type: 'notice', level: 'warning', code: 'MOVE_FAILED', text });
    const isCopied = !change.reasons.some(({ code }) => AUDIO.has(code));
    this.left.push({ ...change, action: isCopied ? 'move' : 'create', entry: from });
    const reasons = [{ code: 'left-by-move', text: 'could not be moved' }] as const;
    const row = { output: from.path, set, source: from.source.path, entry: from, reasons };
    if (desired?.set.prune === true || isPartPath(from.path))
      this.unmoved.push({ action: 'delete', ...row });
  }

  #fromNow(move: Move): Entry {
    const aside = this.setAsideNow;
    if (aside?.move !== move) return move.from;
    this.setAsideNow = undefined;
    return aside.row;
  }

  #expected(path: AbsolutePath): DiskFact {
    return this.moved.get(path) ?? this.#options.seen.get(path) ?? MISSING;
  }
}
