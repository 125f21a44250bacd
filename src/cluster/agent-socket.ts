import { setTimeout as delay } from 'node:timers/promises';
import { context, Dealer } from 'zeromq';
import { MAX_MESSAGE_BYTES } from './protocol.js';

/** How long a goodbye may take to get out after the socket was closed, in milliseconds. */
const LINGER_MS = 500;

/** The agent's connection. It comes back by itself, and keeps what could not be sent so far. */
export class AgentSocket {
  readonly #dealer: Dealer;
  readonly #outbox: (readonly string[])[] = [];
  #sending = false;
  /** Settles when the outbox is empty. */
  #sent: Promise<void> = Promise.resolve();
  #closed = false;
  #loop: Promise<void> = Promise.resolve();

  constructor() {
    // Otherwise the process would wait at its end for messages that nobody takes.
    context.blocky = false;
    this.#dealer = new Dealer({
      linger: LINGER_MS,
      maxMessageSize: MAX_MESSAGE_BYTES,
      // Queue nothing while there is no connection: what must arrive is said again by the protocol.
      immediate: true,
      handshakeInterval: 10_000,
      reconnectInterval: 100,
      reconnectMaxInterval: 5000,
    });
  }

  /** Starts to connect, and to receive. */
  connect(endpoint: string, onFrames: (frames: readonly Buffer[]) => void): void {
    this.#dealer.connect(endpoint);
    this.#loop = this.#receive(onFrames);
  }

  /** Messages that wait for a connection. */
  get backlog(): number {
    return this.#outbox.length;
  }

  send(frames: readonly string[]): void {
    this.#outbox.push(frames);
    if (!this.#sending) this.#sent = this.#pump();
  }

  /** Closes for sure; what waits gets a moment to go out. */
  async close(): Promise<void> {
    const late = new AbortController();
    const timeout = delay(LINGER_MS, undefined, { signal: late.signal }).catch(() => undefined);
    await Promise.race([this.#sent, timeout]);
    late.abort();
    this.#closed = true;
    this.#dealer.close();
    await this.#loop;
  }

  async #pump(): Promise<void> {
    this.#sending = true;
    for (let next = this.#outbox.shift(); next !== undefined; next = this.#outbox.shift()) {
      try {
        await this.#dealer.send([...next]);
      } catch (error) {
        if (this.#closed) return;
        throw error;
      }
    }
    // In the turn in which the outbox was found empty: what comes later starts a new pump.
    this.#sending = false;
  }

  async #receive(onFrames: (frames: readonly Buffer[]) => void): Promise<void> {
    for await (const frames of this.#dealer) onFrames(frames);
  }
}
