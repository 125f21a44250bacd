/** A binary heap of ranks: the smallest comes first. */
export class RankQueue {
  readonly #heap: number[];

  /** Starts with 0 to `count - 1`; rising numbers are a heap already. */
  constructor(count: number) {
    this.#heap = Array.from({ length: count }, (_, rank) => rank);
  }

  get size(): number {
    return this.#heap.length;
  }

  /** The smallest rank; `Infinity` when there is none. */
  get first(): number {
    return this.#heap[0] ?? Infinity;
  }

  push(rank: number): void {
    const heap = this.#heap;
    let child = heap.length;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      const above = heap[parent] ?? rank;
      if (above <= rank) break;
      heap[child] = above;
      child = parent;
    }
    heap[child] = rank;
  }

  pop(): number | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.#sink(last);
    return first;
  }

  /** Puts `rank` where it belongs, from the root down. */
  #sink(rank: number): void {
    const heap = this.#heap;
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= heap.length) break;
      if ((heap[child + 1] ?? Infinity) < (heap[child] ?? Infinity)) child += 1;
      const below = heap[child] ?? Infinity;
      if (below >= rank) break;
      heap[parent] = below;
      parent = child;
    }
    heap[parent] = rank;
  }
}
