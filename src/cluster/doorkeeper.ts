import { randomBytes } from 'node:crypto';
import { context, Router } from 'zeromq';
import { toZ85 } from './z85.js';

/** Decides on a public key, in Z85. */
export type IsAllowed = (publicKey: string) => boolean;

/** The guard of one door; `domain` goes into its socket. */
export interface Guard {
  readonly domain: string;
  readonly close: () => Promise<void>;
}

const ADDRESS = 'inproc://zeromq.zap.01';
const VERSION = '1.0';

let handler: ZapHandler | undefined;

/**
 * Answers libzmq when it asks whom to let in (ZAP, RFC 27), for all doors of this process. Has to be
 * there before the door is: libzmq lets everybody in where nobody answers.
 */
export async function guardDoor(isAllowed: IsAllowed): Promise<Guard> {
  const domain = randomBytes(8).toString('hex');
  handler ??= new ZapHandler();
  const mine = handler;
  mine.doors.set(domain, isAllowed);
  await mine.open;
  return {
    domain,
    async close() {
      mine.doors.delete(domain);
      if (mine.doors.size > 0) return;
      if (handler === mine) handler = undefined;
      await mine.close();
    },
  };
}

class ZapHandler {
  readonly doors = new Map<string, IsAllowed>();
  readonly open: Promise<void>;
  readonly #router: Router;
  #loop: Promise<void> = Promise.resolve();

  constructor() {
    context.blocky = false;
    this.#router = new Router({ linger: 0 });
    this.open = this.#bind();
  }

  async close(): Promise<void> {
    this.#router.close();
    await this.#loop;
  }

  async #bind(): Promise<void> {
    await this.#router.bind(ADDRESS);
    this.#loop = this.#answer();
  }

  async #answer(): Promise<void> {
    for await (const [peer, , version, id, domain, , , mechanism, key] of this.#router) {
      if (peer === undefined || id === undefined) continue;
      const known =
        version?.toString() === VERSION &&
        mechanism?.toString() === 'CURVE' &&
        key?.length === 32 &&
        this.doors.get(domain?.toString() ?? '')?.(toZ85(key)) === true;
      const [code, text] = known ? ['200', 'OK'] : ['400', 'unknown key'];
      await this.#router.send([peer, '', VERSION, id, code, text, '', '']);
    }
  }
}
