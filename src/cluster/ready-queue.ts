import { RankQueue } from './rank-queue.js';

/** Waiting tasks by rank, apart by kind, so that whoever cannot do a kind passes over it at no cost. */
export class ReadyQueue {
  readonly #kindOf: readonly number[];
  readonly #queues: readonly RankQueue[];
  #size = 0;

  /** The kind of each rank; all wait. Kinds count from 0. */
  constructor(kindOf: readonly number[]) {
    this.#kindOf = kindOf;
    const kinds = kindOf.reduce((most, kind) => Math.max(most, kind + 1), 0);
    this.#queues = Array.from({ length: kinds }, () => new RankQueue([]));
    for (const rank of kindOf.keys()) this.push(rank);
  }

  get size(): number {
    return this.#size;
  }

  /** How many of a kind wait. */
  sizeOf(kind: number): number {
    return this.#queues[kind]?.size ?? 0;
  }

  push(rank: number): void {
    this.#queues[this.#kindOf[rank] ?? 0]?.push(rank);
    this.#size += 1;
  }

  /** Takes out one that waits. */
  delete(rank: number): void {
    this.#queues[this.#kindOf[rank] ?? 0]?.delete(rank);
    this.#size -= 1;
  }

  /** The smallest rank among the kinds that may be taken. */
  pop(mayTake: (kind: number) => boolean = () => true): number | undefined {
    let first: RankQueue | undefined;
    for (let kind = 0; kind < this.#queues.length; kind += 1) {
      const queue = this.#queues[kind];
      if (queue === undefined || queue.size === 0 || !mayTake(kind)) continue;
      if (first === undefined || queue.first < first.first) first = queue;
    }
    if (first === undefined) return undefined;
    this.#size -= 1;
    return first.pop();
  }
}
