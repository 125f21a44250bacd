import type { AgentSocket } from './agent-socket.js';
import type { FinishedTask } from './contract.js';
import { oncePerTurn } from './once-per-turn.js';
import { encode, encodeBatches } from './protocol.js';

/** What an agent has to tell of its attempts; what happens within one turn of the event loop goes out together. */
export class AgentReports {
  readonly #socket: AgentSocket;
  #starts: { readonly attempt: string; readonly slot: number }[] = [];
  #encoded: string[] = [];
  #results: FinishedTask[] = [];
  readonly #flushSoon = oncePerTurn(() => this.flush());

  constructor(socket: AgentSocket) {
    this.#socket = socket;
  }

  started(attempt: string, slot: number): void {
    this.#starts.push({ attempt, slot });
    this.#flushSoon();
  }

  encoded(attempt: string): void {
    this.#encoded.push(attempt);
    this.#flushSoon();
  }

  finished(result: FinishedTask): void {
    this.#results.push(result);
    this.#flushSoon();
  }

  /** Sends what waits. */
  flush(): void {
    const [started, encoded, results] = [this.#starts, this.#encoded, this.#results];
    this.#starts = [];
    this.#encoded = [];
    this.#results = [];
    if (started.length + encoded.length > 0) {
      this.#socket.send(encode('START', { started, encoded }));
    }
    this.again(results);
  }

  /** Sends results that were sent before. */
  again(results: readonly FinishedTask[]): void {
    for (const { frames } of encodeBatches('RESULT', results).batches) this.#socket.send(frames);
  }
}
