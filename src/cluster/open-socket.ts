import type { Clock } from '../lib/clock.js';
import type { Failure } from '../lib/failure.js';
import { err } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { refusesStrangers } from './door-test.js';
import { isLocalEndpoint } from './endpoint.js';
import type { Guard, IsAllowed } from './doorkeeper.js';
import type { ClusterFailureCode } from './failure.js';
import type { ClusterKey } from './key-file.js';
import type { MasterSocket } from './master-socket.js';

/** A master's key, and who else than its holder is let in. */
export interface Door {
  readonly key: ClusterKey;
  readonly isAllowed: IsAllowed;
}

/** A name such as `localhost` may stand for any address: what it turned out to be counts. */
async function bindOpen(
  socket: MasterSocket,
  endpoint: string,
): Promise<Result<string, Failure<ClusterFailureCode>>> {
  const bound = await socket.bind(endpoint);
  if (!bound.ok || !isLocalEndpoint(endpoint) || isLocalEndpoint(bound.value)) return bound;
  await socket.close();
  return err({
    code: 'DOOR_OPEN',
    message: `${endpoint} is ${bound.value} here, which other machines can reach`,
    hint: 'bind to tcp://127.0.0.1:PORT for this machine alone, or to tcp://*:PORT for others, with keys',
  });
}

interface Opening {
  readonly lock: { readonly door: Door; readonly guard: Guard } | undefined;
  readonly clock: Clock;
}

/** Binds a socket; one with a lock is tried before it is trusted, and closed when it does not hold. */
export async function openSocket(
  socket: MasterSocket,
  endpoint: string,
  { lock, clock }: Opening,
): Promise<Result<string, Failure<ClusterFailureCode>>> {
  if (lock === undefined) return bindOpen(socket, endpoint);
  const { serverKey, secretKey } = lock.door.key;
  socket.lock(secretKey, lock.guard.domain);
  const bound = await socket.bind(endpoint);
  if (!bound.ok || (await refusesStrangers(bound.value, { serverKey, clock }))) return bound;
  await socket.close();
  return err({
    code: 'DOOR_OPEN',
    message: `${endpoint} could not be shown to refuse workers without a key`,
    hint: 'nothing was handed out; can this machine connect to that address itself?',
  });
}
