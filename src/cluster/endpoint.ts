import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorMessage } from '../lib/failure.js';
import type { Failure } from '../lib/failure.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { ClusterFailureCode } from './failure.js';

/** `sockaddr_un` has no room for more. */
const MAX_IPC_PATH_BYTES = 107;
const PREFIX = 'flac2all-';
const SOCKET = 'master';
const RANDOM = 'XXXXXX';

/**
 * Whether only this machine can reach an endpoint, as it is written. A name of an interface or a host counts as
 * reachable from outside.
 */
export function isLocalEndpoint(endpoint: string): boolean {
  return /^(?:ipc:\/\/|tcp:\/\/(?:127\.\d+\.\d+\.\d+|localhost|\[::1\]):)/.test(endpoint);
}

/**
 * The address under which workers reach a master that listens at `bound`: the host that is
 * advertised, or that it was bound to, or the name of this machine.
 */
export function advertisedEndpoint(
  bound: string,
  { bind, advertise }: { readonly bind: string; readonly advertise: string | undefined },
): string {
  const [, host = '*'] = /^tcp:\/\/(.+):[^:]+$/.exec(bind) ?? [];
  const port = /:(\d+)$/.exec(bound)?.[1] ?? '';
  const isAny = host === '*' || host === '0.0.0.0' || host === '[::]';
  return `tcp://${advertise ?? (isAny ? hostname() : host)}:${port}`;
}

/** Whether an endpoint is a socket file, behind which are this machine's files and no others. */
export function isPrivateEndpoint(endpoint: string): boolean {
  return endpoint.startsWith('ipc://');
}

/** An address that only this user can reach. */
export interface PrivateEndpoint {
  readonly endpoint: string;
  /** Removes the folder with the socket; safe to call twice. */
  readonly remove: () => Promise<void>;
}

/** Makes an ipc endpoint in a fresh folder that only this user may enter. */
export async function makePrivateEndpoint(
  temporary: string = tmpdir(),
): Promise<Result<PrivateEndpoint, Failure<ClusterFailureCode>>> {
  const longest = join(temporary, PREFIX + RANDOM, SOCKET);
  const base = Buffer.byteLength(longest) > MAX_IPC_PATH_BYTES ? '/tmp' : temporary;
  try {
    const folder = await mkdtemp(join(base, PREFIX));
    return ok({
      endpoint: `ipc://${join(folder, SOCKET)}`,
      remove: () => rm(folder, { recursive: true, force: true }),
    });
  } catch (error) {
    return err({
      code: 'ENDPOINT_FAILED',
      message: `cannot make a folder for the workers' socket in ${base}: ${errorMessage(error)}`,
      hint: 'set TMPDIR to a folder that you may write to',
      cause: error,
    });
  }
}
