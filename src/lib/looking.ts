import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { setImmediate as turn } from 'node:timers/promises';
import { look } from './look.js';
import type { Links, Look } from './look.js';
import type { LookAnswer, LookOrder } from './look-thread.js';

/** Some paths with what stands there. */
export interface Looked<Path extends string> {
  readonly paths: readonly Path[];
  readonly looks: readonly Look[];
}

/** Looks at paths, some at a time, in their order. */
export type LookAtAll = <Path extends string>(
  paths: Iterable<Path>,
  links: Links,
) => AsyncIterable<Looked<Path>>;

const BATCH = 1024;
/** Looked at by this thread; for fewer files others would take longer to start than to look. */
const LOOKED_AT_HERE = 4096;
/** Keeps the threads busy while this one has no time for their answers. */
const BATCHES_AHEAD = 16;
/** A call waits for the file system, for one on the network above all, so one core is no reason for one thread. */
const THREADS = Math.max(2, Math.min(4, availableParallelism()));

/** Looks by this thread alone; the event loop gets its turns. */
export async function* lookHere<Path extends string>(
  paths: Iterable<Path>,
  links: Links,
): AsyncGenerator<Looked<Path>> {
  for (const batch of batchesOf(paths)) {
    yield { paths: batch, looks: batch.map((path) => look(path, links)) };
    await turn();
  }
}

/** Looks by other threads as soon as there is enough to look at, which leaves this one free for other work. */
export class LookThreads implements AsyncDisposable {
  readonly #waiting = new Map<number, Waiting>();
  #threads: readonly Worker[] = [];
  #orders = 0;
  #here = 0;

  /** Goes on with its batches while the caller does other things. */
  readonly lookAtAll: LookAtAll = (paths, links) => this.#look(paths, links);

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }

  async *#look<Path extends string>(
    paths: Iterable<Path>,
    links: Links,
  ): AsyncGenerator<Looked<Path>> {
    const ahead: Promise<Looked<Path>>[] = [];
    for (const batch of batchesOf(paths)) {
      ahead.push(this.#lookAtBatch(batch, links));
      if (ahead.length < BATCHES_AHEAD) continue;
      const first = ahead.shift();
      if (first !== undefined) yield await first;
    }
    for (const one of ahead) yield await one;
  }

  async #lookAtBatch<Path extends string>(
    paths: readonly Path[],
    links: Links,
  ): Promise<Looked<Path>> {
    if (this.#here < LOOKED_AT_HERE) {
      this.#here += paths.length;
      await turn();
      return { paths, looks: paths.map((path) => look(path, links)) };
    }
    if (this.#threads.length === 0) {
      this.#threads = Array.from({ length: THREADS }, () => this.#start());
    }
    const order: LookOrder = { id: this.#orders++, paths, links };
    const looks = await new Promise<readonly Look[]>((resolve) => {
      this.#waiting.set(order.id, { order, resolve });
      this.#threads[order.id % THREADS]?.postMessage(order);
    });
    return { paths, looks };
  }

  #start(): Worker {
    const thread = new Worker(new URL('./look-thread.js', import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
    });
    thread.on('message', ({ id, looks }: LookAnswer) => this.#answer(id, looks));
    thread.on('error', () => this.#doWithout());
    return thread;
  }

  #answer(id: number, looks: readonly Look[]): void {
    this.#waiting.get(id)?.resolve(looks);
    this.#waiting.delete(id);
  }

  /** The system gives no more threads: what was asked of them is looked at here. */
  #doWithout(): void {
    this.#here = Number.NEGATIVE_INFINITY;
    for (const { order } of this.#waiting.values()) {
      this.#answer(
        order.id,
        order.paths.map((path) => look(path, order.links)),
      );
    }
  }
}

interface Waiting {
  readonly order: LookOrder;
  readonly resolve: (looks: readonly Look[]) => void;
}

function* batchesOf<Path extends string>(paths: Iterable<Path>): Generator<readonly Path[]> {
  let batch: Path[] = [];
  for (const path of paths) {
    batch.push(path);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
