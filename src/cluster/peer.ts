import type { LentTask } from './contract.js';
import type { MasterSocket } from './master-socket.js';
import type { Probed } from './message.gen.js';
import { oncePerTurn } from './once-per-turn.js';
import { encode, encodeBatches } from './protocol.js';
import type { Header, MessageType } from './protocol.js';
import { Quota } from './quota.js';

/** Tells what could not be sent. */
export interface PeerPort {
  /** The peer is gone or does not keep up. */
  readonly onUndelivered: (peer: Peer, attempts: readonly string[]) => void;
  /** One task is too large for a message. */
  readonly onTooLarge: (peer: Peer, attempt: string) => void;
}

/** Attempts in one answer; keeps its header far below the limit. */
const MAX_ANSWERS = 1000;

type Answer = 'ACK' | 'STALE' | 'CANCEL';

/** One connection to the master. What is said within one turn of the event loop goes out in batches. */
export class Peer {
  /** Set by HELLO. */
  session: string | undefined;
  /** The key that it showed to have; only behind a door. */
  key: string | undefined;
  /** On a socket that only this machine's own agents can reach. */
  isLocal = false;
  /** It was sent a PROBE: who waits for the answer. `undefined`: it went away. */
  probing: { readonly id: string; readonly take: (answer: Probed | undefined) => void } | undefined;
  /** Something from it was refused already. */
  refused = false;
  /** It said too much: nothing from it is read any more. */
  muted = false;
  readonly guarded: boolean;
  readonly quota: Quota;
  readonly #socket: MasterSocket;
  readonly #routingId: Buffer;
  readonly #port: PeerPort;
  readonly #answers = new Map<Answer, string[]>();
  #grants: LentTask[] = [];
  readonly #flushSoon = oncePerTurn(() => this.#flush());

  constructor(
    socket: MasterSocket,
    { routingId, nowMs }: { readonly routingId: Buffer; readonly nowMs: number },
    port: PeerPort,
  ) {
    this.#socket = socket;
    this.#routingId = routingId;
    this.guarded = socket.guarded;
    this.quota = new Quota(nowMs);
    this.#port = port;
  }

  /** Sends at once, after everything that waits. */
  send<Type extends MessageType>(type: Type, header: Header<Type>): void {
    this.#flush();
    void this.#deliver(encode(type, header), []);
  }

  answer(type: Answer, attempt: string): void {
    const attempts = this.#answers.get(type);
    if (attempts === undefined) this.#answers.set(type, [attempt]);
    else attempts.push(attempt);
    if (attempts !== undefined && attempts.length >= MAX_ANSWERS) this.#flush();
    else this.#flushSoon();
  }

  grant(grant: LentTask): void {
    this.#grants.push(grant);
    this.#flushSoon();
  }

  #flush(): void {
    for (const [type, attempts] of this.#answers)
      void this.#deliver(encode(type, { attempts }), []);
    this.#answers.clear();
    if (this.#grants.length === 0) return;
    const { batches, tooLarge } = encodeBatches('TASKS', this.#grants);
    this.#grants = [];
    for (const { frames, items } of batches) {
      void this.#deliver(
        frames,
        items.map((grant) => grant.attempt),
      );
    }
    for (const { attempt } of tooLarge) this.#port.onTooLarge(this, attempt);
  }

  async #deliver(frames: readonly string[], attempts: readonly string[]): Promise<void> {
    const sent = await this.#socket.send(this.#routingId, frames);
    if (!sent) this.#port.onUndelivered(this, attempts);
  }
}
