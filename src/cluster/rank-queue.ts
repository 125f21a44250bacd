/** A binary heap of ranks: the smallest comes first. */
export class RankQueue {
  readonly #heap: number[];
  /** Taken out, but still in the heap; never its first. */
  readonly #gone = new Set<number>();

  /** Starts with these; rising numbers are a heap already. */
  constructor(rising: readonly number[]) {
    this.#heap = [...rising];
  }

  get size(): number {
    return this.#heap.length - this.#gone.size;
  }

  /** The smallest rank; `Infinity` when there is none. */
  get first(): number {
    return this.#heap[0] ?? Infinity;
  }

  push(rank: number): void {
    if (this.#gone.delete(rank)) return;
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
    const first = this.#popAny();
    this.#clearTop();
    return first;
  }

  /** What stands first is really in it. */
  #clearTop(): void {
    while (this.#gone.size > 0 && this.#gone.delete(this.first)) this.#popAny();
  }

  #popAny(): number | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.#sink(last);
    return first;
  }

  /** Takes out one that is in it, wherever it stands. */
  delete(rank: number): void {
    this.#gone.add(rank);
    this.#clearTop();
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
