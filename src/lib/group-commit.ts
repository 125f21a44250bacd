interface Waiting<T> {
  readonly item: T;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Lets many callers share one slow flush: items that come while a flush runs wait and go together
 * into the next one. After a failed flush nobody knows what reached the disk, so that flush, all
 * that wait and all that come later reject with the same reason.
 */
export class GroupCommit<T> {
  readonly #flush: (batch: readonly T[]) => Promise<void>;
  #waiting: Waiting<T>[] = [];
  #running: Promise<void> | undefined;
  #failure: { readonly reason: unknown } | undefined;

  constructor(flush: (batch: readonly T[]) => Promise<void>) {
    this.#flush = flush;
  }

  /** Resolves when the flush that took the item has succeeded. */
  add(item: T): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing runs or waits, whether it succeeded or not. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    // Callers of the same turn share the first flush.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      await this.#settle(batch);
    }
    this.#running = undefined;
  }

  async #settle(batch: readonly Waiting<T>[]): Promise<void> {
    try {
      if (this.#failure !== undefined) throw this.#failure.reason;
      await this.#flush(batch.map(({ item }) => item));
      for (const { resolve } of batch) resolve();
    } catch (reason) {
      this.#failure ??= { reason };
      for (const { reject } of batch) reject(reason);
    }
  }
}
