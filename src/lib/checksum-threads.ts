import { Worker } from 'node:worker_threads';
import type { Sha256 } from './brand.js';
import { errorMessage } from './failure.js';
import type { ChecksumAnswer, ChecksumOrder } from './checksum-thread.js';

/** A thread ended that should not have; the files that were to be read are not at fault. */
export class ThreadsLost extends Error {
  override readonly name = 'ThreadsLost';
}

interface Waiting {
  readonly thread: Thread;
  readonly resolve: (sha256: Sha256) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  /** Orders that it has not answered; it does one after the other. */
  orders: number;
}

const SCRIPT = new URL('./checksum-thread.js', import.meta.url);

/**
 * Threads that read and checksum files, each started when there is work for it. They keep the process
 * alive while somebody waits for them, and no longer. When one is lost, all that wait, and whoever asks
 * later, get `ThreadsLost`.
 */
export class ChecksumThreads implements AsyncDisposable {
  readonly #most: number;
  readonly #script: URL;
  readonly #threads: Thread[] = [];
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #lost: ThreadsLost | undefined;

  /** So many threads at most. */
  constructor(most: number, script: URL = SCRIPT) {
    this.#most = most;
    this.#script = script;
  }

  /** SHA-256 of a file's content; rejects with the system's words and code. */
  async sha256(path: string): Promise<Sha256> {
    const thread = this.#idlest();
    thread.orders += 1;
    const order: ChecksumOrder = { id: this.#next++, path };
    return new Promise((resolve, reject) => {
      this.#waiting.set(order.id, { thread, resolve, reject });
      this.#keepAlive();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      thread.worker.postMessage(order);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#lost ??= new ThreadsLost('the threads for checksums were ended');
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #idlest(): Thread {
    if (this.#lost !== undefined) throw this.#lost;
    const [idlest] = this.#threads.toSorted((a, b) => a.orders - b.orders);
    const isEnough = idlest?.orders === 0 || this.#threads.length >= this.#most;
    return idlest !== undefined && isEnough ? idlest : this.#start();
  }

  #start(): Thread {
    const worker = this.#makeWorker();
    worker.on('message', (answer: ChecksumAnswer) => this.#take(answer));
    worker.on('error', (error) => void this.#lose(error.message));
    const thread = { worker, orders: 0 };
    this.#threads.push(thread);
    return thread;
  }

  /** Where no further thread can be made there is none: whoever asks can read by itself. */
  #makeWorker(): Worker {
    try {
      return new Worker(this.#script);
    } catch (error) {
      throw this.#lose(errorMessage(error));
    }
  }

  #take(answer: ChecksumAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    if (waiting === undefined) return;
    this.#waiting.delete(answer.id);
    waiting.thread.orders -= 1;
    this.#keepAlive();
    if ('sha256' in answer) waiting.resolve(answer.sha256 as Sha256);
    else waiting.reject(Object.assign(new Error(answer.error), { code: answer.code }));
  }

  /** The first loss counts; a later one must not let go of threads whose end is awaited. */
  #lose(why: string): ThreadsLost {
    if (this.#lost !== undefined) return this.#lost;
    const lost = new ThreadsLost(`a thread for checksums is lost: ${why}`);
    this.#lost = lost;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#keepAlive();
    for (const { reject } of waiting) reject(lost);
    return lost;
  }

  #keepAlive(): void {
    for (const { worker } of this.#threads) {
      if (this.#waiting.size > 0) worker.ref();
      else worker.unref();
    }
  }
}
