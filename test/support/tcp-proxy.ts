import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** What a line between two machines does to bytes. */
export interface LineQuality {
  /** Each way. */
  readonly delayMs?: number;
  readonly bytesPerSecond?: number;
  /**
   * The share of pieces that get lost: each comes again after TCP's timeout, doubled with each loss, and
   * holds up what is behind it.
   */
  readonly lossShare?: number;
  readonly random?: () => number;
}

/** TCP's shortest retransmission timeout on Linux. */
const RETRANSMIT_MS = 200;

/** A TCP connection to a port of this machine through a bad line. */
export class TcpProxy {
  readonly #server: Server;
  readonly #target: number;
  readonly #quality: LineQuality;
  readonly #sockets = new Set<Socket>();
  #held: (() => void)[] | undefined;

  private constructor(target: number, quality: LineQuality) {
    this.#target = target;
    this.#quality = quality;
    this.#server = createServer((socket) => void this.#join(socket));
  }

  static async to(t: TestContext, target: number, quality: LineQuality = {}): Promise<TcpProxy> {
    const proxy = new TcpProxy(target, quality);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    t.after(() => proxy.close());
    return proxy;
  }

  get endpoint(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `tcp://127.0.0.1:${port}`;
  }

  /** Nothing gets through, and nobody is told: the cable is out. */
  part(): void {
    this.#held ??= [];
  }

  /** The cable is in again: what waited gets through. */
  mend(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const go of held) go();
  }

  /** Connections end, new ones may come. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  async #join(near: Socket): Promise<void> {
    this.#adopt(near);
    await this.#passage();
    const far = connect(this.#target, '127.0.0.1');
    this.#adopt(far);
    void this.#carry(near, far);
    void this.#carry(far, near);
  }

  #adopt(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
  }

  /** In order; each piece takes its time on the line. */
  async #carry(from: Socket, to: Socket): Promise<void> {
    const { delayMs = 0, bytesPerSecond = Infinity } = this.#quality;
    let lineFreeMs = 0;
    let last: Promise<void> = Promise.resolve();
    from.on('data', (piece: Buffer) => {
      const nowMs = performance.now();
      const onLineMs = (piece.length / bytesPerSecond) * 1000;
      lineFreeMs = Math.max(lineFreeMs, nowMs) + onLineMs + this.#lossMs();
      const arrival = wait(lineFreeMs + delayMs - nowMs);
      last = last
        .then(() => arrival)
        .then(() => this.#passage())
        .then(() => void to.write(piece));
    });
    await once(from, 'close').catch(() => undefined);
    await last;
    to.destroy();
  }

  #lossMs(): number {
    const { lossShare = 0, random = Math.random } = this.#quality;
    let ms = 0;
    for (let next = RETRANSMIT_MS; random() < lossShare; next *= 2) ms += next;
    return ms;
  }

  #passage(): Promise<void> {
    if (this.#held === undefined) return Promise.resolve();
    return new Promise((resolve) => void this.#held?.push(resolve));
  }
}

function wait(ms: number): Promise<void> {
  return ms < 1 ? Promise.resolve() : new Promise((resolve) => void setTimeout(resolve, ms));
}

/** A port of this machine that nobody uses now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
