import type { Clock } from '../lib/clock.js';
import type { Failure } from '../lib/failure.js';
import { err } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { refusesStrangers } from './door-test.js';
import type { Guard, IsAllowed } from './doorkeeper.js';
import type { ClusterFailureCode } from './failure.js';
import type { ClusterKey } from './key-file.js';
import type { MasterSocket } from './master-socket.js';

/** A master's key, and who else than its holder is let in. */
export interface Door {
  readonly key: ClusterKey;
  readonly isAllowed: IsAllowed;
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
  if (lock === undefined) return socket.bind(endpoint);
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
