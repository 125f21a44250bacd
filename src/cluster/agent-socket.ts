import { setTimeout as delay } from 'node:timers/promises';
import { context, Dealer } from 'zeromq';
import type { SocketOptions } from 'zeromq';
import { errorCode } from '../lib/failure.js';
import type { ClusterKey } from './key-file.js';
import { Outbox } from './outbox.js';
import { MAX_MESSAGE_BYTES } from './protocol.js';
import { isSomebodyAt } from './somebody.js';

/** How long a goodbye may take to get out after the socket was closed, in milliseconds. */
const LINGER_MS = 500;

/** So many connections in a row that ended before they could be used are no accident. */
const HANG_UPS = 5;

/** Whom the connection tells what happens on it. */
export interface AgentPort {
  readonly onFrames: (frames: readonly Buffer[]) => void;
  /** A connection stands: the first, or the next after a break. */
  readonly onConnected: () => void;
  /**
   * `other-security`: one side wants keys, the other does not; or what listens there is no master.
   * Nothing comes of this connection any more: `connect` makes another.
   */
  readonly onRefused: (why: Refusal) => void;
}

export type Refusal = 'unknown-key' | 'other-security';

function curveOf({ serverKey, publicKey, secretKey }: ClusterKey): SocketOptions<Dealer> {
  return { curveServerKey: serverKey, curvePublicKey: publicKey, curveSecretKey: secretKey };
}

/** The agent's connection. It comes back by itself unless it is refused, and keeps what could not be sent. */
export class AgentSocket {
  readonly #endpoint: string;
  readonly #key: ClusterKey | undefined;
  readonly #port: AgentPort;
  readonly #outbox = new Outbox();
  #dealer: Dealer | undefined;
  #loop: Promise<void> = Promise.resolve();

  /** With `key` it speaks to the master of that key only, and in cipher. */
  constructor(endpoint: string, key: ClusterKey | undefined, port: AgentPort) {
    this.#endpoint = endpoint;
    this.#key = key;
    this.#port = port;
  }

  /** Connects, dropping a connection that there was; what waits to be sent waits on. */
  connect(): void {
    this.#dealer?.close();
    const dealer = this.#makeDealer();
    this.#dealer = dealer;
    const refused = (why: Refusal): void => {
      if (this.#dealer === dealer) this.#port.onRefused(why);
    };
    const { events } = dealer;
    events.on('handshake:error:auth', () => refused('unknown-key'));
    events.on('handshake:error:protocol', () => refused('other-security'));
    let lost = 0;
    events.on('handshake', () => {
      lost = 0;
      if (this.#dealer === dealer) this.#port.onConnected();
    });
    // A master that cannot read what comes in another's cipher hangs up without a word; so does who only forwards.
    events.on('disconnect', () => {
      lost += 1;
      if (lost % HANG_UPS !== 0) return;
      void isSomebodyAt(this.#endpoint).then((isThere) => {
        if (isThere && lost >= HANG_UPS) refused('other-security');
      });
    });
    dealer.connect(this.#endpoint);
    this.#loop = Promise.all([this.#loop, this.#receive(dealer)]).then(() => undefined);
    this.#outbox.use(dealer);
  }

  /** Messages that wait for a connection. */
  get backlog(): number {
    return this.#outbox.size;
  }

  send(frames: readonly string[]): void {
    this.#outbox.put(frames);
  }

  /** Closes for sure; what waits gets a moment to go out. */
  async close(): Promise<void> {
    const late = new AbortController();
    const timeout = delay(LINGER_MS, undefined, { signal: late.signal }).catch(() => undefined);
    await Promise.race([this.#outbox.sent, timeout]);
    late.abort();
    const dealer = this.#dealer;
    this.#dealer = undefined;
    this.#outbox.use(undefined);
    dealer?.close();
    await this.#loop;
  }

  #makeDealer(): Dealer {
    // Otherwise the process would wait at its end for messages that nobody takes.
    context.blocky = false;
    return new Dealer({
      linger: LINGER_MS,
      maxMessageSize: MAX_MESSAGE_BYTES,
      // Queue nothing while there is no connection: what must arrive is said again by the protocol.
      immediate: true,
      handshakeInterval: 10_000,
      reconnectInterval: 100,
      // A master that was started again waits a little longer than this for what its agents hold.
      reconnectMaxInterval: 1600,
      ipv6: this.#endpoint.startsWith('tcp://['),
      ...(this.#key === undefined ? {} : curveOf(this.#key)),
    });
  }

  async #receive(dealer: Dealer): Promise<void> {
    while (!dealer.closed) {
      const frames = await dealer.receive().catch(brokenUnderway);
      if (frames !== undefined) this.#port.onFrames(frames);
    }
  }
}

/** The connection ended, or the socket was closed, just when something came in. */
function brokenUnderway(error: unknown): undefined {
  if (errorCode(error) !== 'EAGAIN') throw error;
}
