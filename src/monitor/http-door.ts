import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** Answers a path; the answer may go on for as long as the run. */
export type Route = (response: ServerResponse) => void;

export interface HttpDoorOptions {
  readonly routes: ReadonlyMap<string, Route>;
  /**
   * Checks the header Host: a web page that makes a browser look up its own name here (DNS
   * rebinding) is not to read what is served.
   */
  readonly checksHost: boolean;
}

const MAX_CONNECTIONS = 64;
const MAX_HEADER_BYTES = 8192;
const PATIENCE_MS = 5000;
const LOCAL_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

/** A server for GET and nothing else; it keeps no process alive. */
export function makeHttpDoor(options: HttpDoorOptions): Server {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: PATIENCE_MS,
      requestTimeout: PATIENCE_MS,
      connectionsCheckingInterval: PATIENCE_MS,
      keepAliveTimeout: PATIENCE_MS,
    },
    (request, response) => answer(request, response, options),
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.maxRequestsPerSocket = 1000;
  server.unref();
  return server;
}

/** Sends a whole answer. */
export function send(
  response: ServerResponse,
  answered: { readonly status?: number; readonly type: string; readonly body: string },
): void {
  const { status = 200, type, body } = answered;
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(body);
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { routes, checksHost }: HttpDoorOptions,
): void {
  // Nothing is served that needs a body.
  request.resume();
  if (checksHost && !LOCAL_HOST.test(request.headers.host ?? '')) {
    refuse(response, 421, 'this host name is not served here; use 127.0.0.1');
    return;
  }
  if (request.method !== 'GET') {
    response.setHeader('Allow', 'GET');
    refuse(response, 405, 'GET only');
    return;
  }
  const [path = ''] = (request.url ?? '').split('?');
  const route = routes.get(path);
  if (route === undefined) refuse(response, 404, `try ${[...routes.keys()].join(', ')}`);
  else route(response);
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.setHeader('Connection', 'close');
  send(response, { status, type: 'text/plain; charset=utf-8', body: `${text}\n` });
}
