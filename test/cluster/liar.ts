import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { Dealer } from 'zeromq';
import type { ClusterKey } from '#src/cluster/key-file.js';
import { proveKey } from '#src/cluster/key-proof.js';
import { PROTOCOL } from '#src/cluster/protocol.js';
import { made } from './rig.js';

/** A task that was handed out, as far as a liar cares. */
export interface Grant {
  readonly attempt: string;
  readonly token: string;
  readonly task: { readonly id: string };
}

interface Header {
  readonly tasks?: readonly Grant[];
  readonly attempts?: readonly string[];
  readonly code?: string;
}

/** A peer that speaks the protocol and lies. */
export class Liar {
  readonly session: string = randomBytes(16).toString('hex');
  readonly #dealer: Dealer;
  readonly #key: ClusterKey | undefined;

  constructor(t: TestContext, endpoint: string, key?: ClusterKey) {
    this.#key = key;
    this.#dealer = new Dealer({
      linger: 0,
      ...(key && {
        curveServerKey: key.serverKey,
        curvePublicKey: key.publicKey,
        curveSecretKey: key.secretKey,
      }),
    });
    this.#dealer.connect(endpoint);
    t.after(() => this.#dealer.close());
  }

  async say(type: string, header: unknown): Promise<void> {
    await this.#dealer.send([type, typeof header === 'string' ? header : JSON.stringify(header)]);
  }

  /** The next message of one of these types. */
  async hear(
    ...types: readonly string[]
  ): Promise<{ readonly type: string; readonly header: Header }> {
    for (;;) {
      const [type, header] = await this.#dealer.receive();
      const found = { type: String(type), header: JSON.parse(String(header)) as Header };
      if (types.includes(found.type)) return found;
    }
  }

  hello(overrides: object = {}): Promise<void> {
    const { session } = this;
    return this.say('HELLO', {
      ...{ session, name: 'liar', slots: 2, capabilities: {}, held: [], pid: 1 },
      ...{ version: '1.0.0', protocol: PROTOCOL },
      ...(this.#key && { proof: proveKey(this.#key, session) }),
      ...overrides,
    });
  }

  async tasks(): Promise<readonly Grant[]> {
    return (await this.hear('TASKS')).header.tasks ?? [];
  }

  result(grant: Grant, overrides: object = {}): Promise<void> {
    const { attempt, token, task } = grant;
    const result = { task: task.id, attempt, token, slot: 1, outcome: made(), ...overrides };
    return this.say('RESULT', { results: [result] });
  }
}
