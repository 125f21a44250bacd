import { Worker } from 'node:worker_threads';
import type { Sha256 } from './brand.js';
import type { ChecksumAnswer, ChecksumOrder } from './checksum-thread.js';

interface Waiting {
  readonly resolve: (sha256: Sha256) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Threads that read and checksum files; orders are dealt out in turn. They keep the process alive while
 * somebody waits for them, and no longer.
 */
export class ChecksumThreads implements AsyncDisposable {
  readonly #threads: readonly Worker[];
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #broken: Error | undefined;

  /** Starts so many threads. */
  constructor(threads: number) {
    this.#threads = Array.from({ length: threads }, () => this.#start());
  }

  /** SHA-256 of a file's content; rejects with the system's words and code. */
  sha256(path: string): Promise<Sha256> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      if (this.#waiting.size === 0) for (const thread of this.#threads) thread.ref();
      this.#waiting.set(id, { resolve, reject });
      const order: ChecksumOrder = { id, path };
      this.#threads[id % this.#threads.length]?.postMessage(order);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }

  #start(): Worker {
    const thread = new Worker(new URL('./checksum-thread.js', import.meta.url));
    thread.on('message', (answer: ChecksumAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (this.#waiting.size === 0) for (const each of this.#threads) each.unref();
      if ('sha256' in answer) waiting?.resolve(answer.sha256 as Sha256);
      else waiting?.reject(Object.assign(new Error(answer.error), { code: answer.code }));
    });
    thread.unref();
    thread.on('error', (error) => {
      this.#broken = error;
      for (const { reject } of this.#waiting.values()) reject(error);
    });
    return thread;
  }
}
