import type { Server } from 'node:http';
import { makePrivateEndpoint } from '../cluster/endpoint.js';
import type { Clock } from '../lib/clock.js';
import type { Failure } from '../lib/failure.js';
import { errorCode, errorMessage } from '../lib/failure.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { RunEvent } from '../report/event.js';
import { Progress } from '../report/progress.js';
import { EXPOSITION_TYPE } from './exposition.js';
import type { MonitorFailureCode } from './failure.js';
import type { Route } from './http-door.js';
import { publishAddress, withdrawAddress } from './live-address.js';
import { LiveStream } from './live-stream.js';
import { Metrics } from './metrics.js';

export interface MonitorOptions {
  readonly clock: Clock;
  /** Of the program. */
  readonly version: string;
  readonly emit: (event: RunEvent) => void;
}

/** A run that is over so soon is not worth a socket; one that hands out tasks gets it at once. */
const PUBLISH_AFTER_MS = 300;
/** How long a watcher that does not read may hold up the end. */
const FAREWELL_MS = 1000;
const LOOPBACK = '127.0.0.1';

/** Shows a run to other processes of this machine. Gets the events that the reporter gets. */
export class Monitor {
  readonly #options: MonitorOptions;
  readonly #progress: Progress;
  readonly #metrics: Metrics;
  readonly #live: LiveStream;
  #servers: Server[] = [];
  #hurry: () => void = () => undefined;

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#progress = new Progress(options.clock);
    this.#metrics = new Metrics(options.clock, options.version);
    this.#live = new LiveStream(() => this.#line(null));
  }

  take(event: RunEvent): void {
    this.#progress.update(event);
    this.#metrics.update(event);
    if (event.type === 'apply-started') this.#hurry();
  }

  /** Answers /metrics, /healthz and /workers.json on a port of the loopback interface; 0: a free one. */
  async serveMetrics(port: number): Promise<Result<number, Failure<MonitorFailureCode>>> {
    const routes = new Map<string, Body>([
      ['/metrics', () => [EXPOSITION_TYPE, this.#metrics.text(this.#progress.state())]],
      ['/healthz', () => ['text/plain; charset=utf-8', 'ok\n']],
      ['/workers.json', () => ['application/json', this.#line(null)]],
    ]);
    const { makeHttpDoor, send } = await import('./http-door.js');
    const answers = new Map<string, Route>();
    for (const [path, body] of routes) {
      answers.set(path, (response) => {
        const [type, text] = body();
        send(response, { type, body: text });
      });
    }
    const server = makeHttpDoor({ routes: answers, checksHost: true });
    try {
      await listen(server, { host: LOOPBACK, port });
    } catch (error) {
      return err(portFailure(error, port));
    }
    this.#servers.push(server);
    const address = server.address();
    const taken = typeof address === 'object' && address !== null ? address.port : port;
    const text = `metrics of this run: http://${LOOPBACK}:${taken}/metrics`;
    this.#options.emit({ type: 'notice', level: 'info', code: 'METRICS_LISTENING', text });
    return ok(taken);
  }

  /**
   * Lets `status --live` find this run, soon; the caller holds the lock of the ledger in `directory`.
   * Call what is returned before the lock is given back. What goes wrong is a notice: the run is not
   * about being watched.
   */
  publish(directory: string): () => Promise<void> {
    let remove: (() => Promise<void>) | undefined;
    const over = new AbortController();
    const published = this.#due(over.signal).then(async () => {
      if (!over.signal.aborted) remove = await this.#openSocket(directory);
    });
    return async () => {
      over.abort();
      await published;
      if (remove === undefined) return;
      withdrawAddress(directory);
      await remove();
    };
  }

  /** Tells who watches how the run ended, and ends all servers. */
  async close(exitCode: number): Promise<void> {
    const { clock } = this.#options;
    const done = new AbortController();
    const late = clock.sleep(FAREWELL_MS, done.signal).catch(() => undefined);
    await Promise.race([this.#live.end(this.#line(exitCode)), late]);
    done.abort();
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
    this.#servers = [];
  }

  /** Resolves when tasks are handed out, after a while, or when it is over. */
  async #due(over: AbortSignal): Promise<void> {
    const hurry = new AbortController();
    this.#hurry = () => hurry.abort();
    const signal = AbortSignal.any([over, hurry.signal]);
    await this.#options.clock.sleep(PUBLISH_AFTER_MS, signal).catch(() => undefined);
  }

  async #openSocket(directory: string): Promise<(() => Promise<void>) | undefined> {
    const place = await makePrivateEndpoint();
    if (!place.ok) return this.#tellUnavailable(place.error.message);
    const { endpoint, remove } = place.value;
    const path = endpoint.slice('ipc://'.length);
    const { makeHttpDoor } = await import('./http-door.js');
    const routes = new Map<string, Route>([['/live', (response) => this.#live.add(response)]]);
    // The folder lets this user's processes in and no browser.
    const server = makeHttpDoor({ routes, checksHost: false });
    try {
      await listen(server, { path });
      this.#servers.push(server);
      publishAddress(directory, path);
      return remove;
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      await remove();
      return this.#tellUnavailable(errorMessage(error));
    }
  }

  #tellUnavailable(why: string): undefined {
    const text = `\`flac2all status --live\` cannot show this run: ${why}`;
    this.#options.emit({ type: 'notice', level: 'warning', code: 'LIVE_UNAVAILABLE', text });
  }

  #line(exitCode: number | null): string {
    return `${JSON.stringify(this.#progress.state(exitCode))}\n`;
  }
}

/** Content type and text, as they are when they are asked for. */
type Body = () => readonly [type: string, text: string];

function listen(
  server: Server,
  where: { readonly path: string } | { readonly host: string; readonly port: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...where, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function portFailure(error: unknown, port: number): Failure<MonitorFailureCode> {
  const why = errorCode(error) === 'EADDRINUSE' ? 'it is in use' : errorMessage(error);
  return {
    code: 'METRICS_PORT_FAILED',
    message: `cannot serve metrics on ${LOOPBACK}:${port}: ${why}`,
    hint: 'another run may have it; --metrics 0 takes a free port',
    cause: error,
  };
}
