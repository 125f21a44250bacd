import { setTimeout as delay } from 'node:timers/promises';
import { context, Dealer } from 'zeromq';
import type { SocketOptions } from 'zeromq';
import type { ClusterKey } from './key-file.js';
import { MAX_MESSAGE_BYTES } from './protocol.js';

/** How long a goodbye may take to get out after the socket was closed, in milliseconds. */
const LINGER_MS = 500;

/** So many connections in a row that ended before they could be used are no accident. */
const HANG_UPS = 5;

/** Whom the connection tells what happens on it. */
export interface AgentPort {
  readonly onFrames: (frames: readonly Buffer[]) => void;
  /** `other-security`: one side wants keys, the other does not; or what listens there is no master. */
  readonly onRefused: (why: 'unknown-key' | 'other-security') => void;
}

function curveOf({ serverKey, publicKey, secretKey }: ClusterKey): SocketOptions<Dealer> {
  return { curveServerKey: serverKey, curvePublicKey: publicKey, curveSecretKey: secretKey };
}

/** The agent's connection. It comes back by itself, and keeps what could not be sent so far. */
export class AgentSocket {
  readonly #dealer: Dealer;
  readonly #outbox: (readonly string[])[] = [];
  #sending = false;
  /** Settles when the outbox is empty. */
  #sent: Promise<void> = Promise.resolve();
  #closed = false;
  #loop: Promise<void> = Promise.resolve();

  /** With `key` it speaks to the master of that key only, and in cipher. */
  constructor(key?: ClusterKey) {
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
      ...(key === undefined ? {} : curveOf(key)),
    });
  }

  /** Starts to connect, and to receive. Whoever is refused stays so: libzmq does not try again. */
  connect(endpoint: string, port: AgentPort): void {
    const { events } = this.#dealer;
    events.on('handshake:error:auth', () => port.onRefused('unknown-key'));
    events.on('handshake:error:protocol', () => port.onRefused('other-security'));
    let lost = 0;
    events.on('handshake', () => {
      lost = 0;
    });
    // A master that cannot read what comes in another's cipher hangs up without a word.
    events.on('disconnect', () => {
      lost += 1;
      if (lost === HANG_UPS) port.onRefused('other-security');
    });
    this.#dealer.connect(endpoint);
    this.#loop = this.#receive(port.onFrames);
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
