import { capability, context, Router } from 'zeromq';
import { errorCode, errorMessage } from '../lib/failure.js';
import type { Failure } from '../lib/failure.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { ClusterFailureCode } from './failure.js';
import { MAX_MESSAGE_BYTES } from './protocol.js';

/** A draft option of libzmq: the message that a ROUTER receives when a connection ends. */
const ZMQ_DISCONNECT_MSG = 111;
const GONE = 'GONE';

/** Takes what comes in; `undefined` frames: the connection ended. */
export type OnFrames = (routingId: Buffer, frames: readonly Buffer[] | undefined) => void;

/** One bound ROUTER. Never blocks: a slow or dead peer costs its own messages only. */
export class MasterSocket {
  /** It lets in only whom the guard knows. */
  guarded = false;
  /** Only agents of this machine can reach it, which see the same files. */
  isLocal = false;
  readonly #router: MasterRouter;
  #loop: Promise<void> = Promise.resolve();

  /** For IPv6 addresses where the endpoint is written as one. */
  constructor(endpoint: string) {
    this.#router = new MasterRouter(endpoint.startsWith('tcp://['));
  }

  /** From now on only those get in whom the guard of the domain lets in; before `bind`. */
  lock(secretKey: string, domain: string): void {
    this.guarded = true;
    this.#router.curveServer = true;
    this.#router.curveSecretKey = secretKey;
    this.#router.zapDomain = domain;
    this.#router.zapEnforceDomain = true;
  }

  /** Binds, and resolves to the endpoint that peers connect to. */
  async bind(endpoint: string): Promise<Result<string, Failure<ClusterFailureCode>>> {
    try {
      await this.#router.bind(endpoint);
    } catch (error) {
      this.#router.close();
      return err({
        code: 'BIND_FAILED',
        message: `cannot listen on ${endpoint}: ${errorMessage(error)}`,
        hint: 'another run may use this address; use port * to take a free one',
        cause: error,
      });
    }
    return ok(this.#router.lastEndpoint ?? endpoint);
  }

  /** Starts the one receive loop of the socket. */
  listen(onFrames: OnFrames): void {
    this.#loop = this.#receive(onFrames);
  }

  /** False when the peer is gone or does not keep up. */
  async send(routingId: Buffer, frames: readonly string[]): Promise<boolean> {
    try {
      await this.#router.send([routingId, ...frames]);
      return true;
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      return false;
    }
  }

  /** Closes for sure; what was not sent yet is dropped. */
  async close(): Promise<void> {
    this.#router.close();
    await this.#loop;
  }

  async #receive(onFrames: OnFrames): Promise<void> {
    for await (const [routingId, ...frames] of this.#router) {
      if (routingId === undefined) continue;
      const [only] = frames;
      const gone = frames.length === 1 && only?.toString() === GONE;
      onFrames(routingId, gone ? undefined : frames);
    }
  }
}

class MasterRouter extends Router {
  constructor(ipv6: boolean) {
    // Otherwise the process would wait at its end for messages that nobody takes.
    context.blocky = false;
    super({
      mandatory: true,
      sendTimeout: 0,
      linger: 0,
      maxMessageSize: MAX_MESSAGE_BYTES,
      handshakeInterval: 10_000,
      backlog: 1024,
      ipv6,
    });
    if (capability.draft === true) this.setStringOption(ZMQ_DISCONNECT_MSG, GONE);
  }
}
