import { setImmediate as turn } from 'node:timers/promises';
import { errorCode } from '../lib/failure.js';

/** What carries messages: a socket. */
export interface Line {
  /** Resolves when the message is on its way; `EAGAIN`: the connection ended just then. */
  readonly send: (frames: string[]) => Promise<void>;
}

/** Messages in their order, which wait for a line; a line that breaks or is replaced loses none of them. */
export class Outbox {
  readonly #waiting: (readonly string[])[] = [];
  #line: Line | undefined;
  #sending = false;
  #sent: Promise<void> = Promise.resolve();

  get size(): number {
    return this.#waiting.length;
  }

  /** Settles when nothing waits any more, or there is no line; rejects with what a line should never say. */
  get sent(): Promise<void> {
    return this.#sent;
  }

  put(frames: readonly string[]): void {
    this.#waiting.push(frames);
    this.#start();
  }

  /** From now on messages go out here. */
  use(line: Line | undefined): void {
    this.#line = line;
    this.#start();
  }

  #start(): void {
    if (!this.#sending && this.#line !== undefined && this.size > 0) this.#sent = this.#pump();
  }

  async #pump(): Promise<void> {
    this.#sending = true;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const line = this.#line;
      if (line === undefined) break;
      if (await this.#carry(line, next)) this.#waiting.shift();
    }
    // In the turn in which the outbox was found empty: what comes later starts a new pump.
    this.#sending = false;
  }

  /** False when the message has to be sent again. */
  async #carry(line: Line, frames: readonly string[]): Promise<boolean> {
    try {
      await line.send([...frames]);
      return true;
    } catch (error) {
      // Closed under the message, which goes out on the next line.
      if (this.#line !== line) return false;
      // Between the look whether there is a connection and the sending it broke; the next look finds that out.
      if (errorCode(error) !== 'EAGAIN') throw error;
      await turn();
      return false;
    }
  }
}
