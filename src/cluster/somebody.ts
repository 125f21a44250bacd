import { connect } from 'node:net';

/** A master greets at once; so long is waited for it, in milliseconds. */
const GREETING_MS = 2000;

/**
 * Whether anybody answers at a TCP endpoint. A forwarder (an ssh tunnel, the proxy of a container) takes each
 * connection and ends it again for as long as nobody listens behind it. Never rejects.
 */
export function isSomebodyAt(endpoint: string, withinMs: number = GREETING_MS): Promise<boolean> {
  const [, host, port] = /^tcp:\/\/\[?(.+?)\]?:(\d+)$/.exec(endpoint) ?? [];
  // Nobody forwards sockets of this machine.
  if (host === undefined || port === undefined) return Promise.resolve(true);
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) });
    const end = (isThere: boolean): void => {
      resolve(isThere);
      socket.destroy();
    };
    socket.once('data', () => end(true));
    socket.setTimeout(withinMs, () => end(!socket.connecting));
    socket.on('error', () => end(false));
    socket.once('close', () => end(false));
  });
}
