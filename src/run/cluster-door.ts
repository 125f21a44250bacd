import { readAllowList } from '../cluster/allow-list.js';
import { isLocalEndpoint } from '../cluster/endpoint.js';
import type { ClusterFailureCode } from '../cluster/failure.js';
import { clusterKeyFile } from '../cluster/key-file.js';
import type { ClusterKey } from '../cluster/key-file.js';
import type { MasterEvent } from '../cluster/master-event.js';
import type { Door } from '../cluster/open-socket.js';
import type { Failure } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { ok } from '../lib/result.js';

export interface DoorSetting {
  readonly bind: string | undefined;
  /** Asks agents of other machines for no key. */
  readonly insecure: boolean;
  /** Where this user's keys are. */
  readonly keyFolder: string;
  readonly onEvent: (event: MasterEvent) => void;
}

/** A door, and a key for the pilots of this run, which opens nothing else and nothing later. */
export interface RunDoor {
  readonly door: Door;
  readonly pilotKey: ClusterKey;
  /** The pilots' key opens no more. */
  readonly revoke: () => void;
}

/** The door that other machines' agents come through; nobody else can reach a local address. */
export async function openDoor({
  bind,
  insecure,
  keyFolder,
  onEvent,
}: DoorSetting): Promise<Result<RunDoor | undefined, Failure<ClusterFailureCode>>> {
  if (bind === undefined || isLocalEndpoint(bind)) return ok(undefined);
  if (insecure) {
    onEvent({ type: 'insecure', endpoint: bind });
    return ok(undefined);
  }
  const { ensureMasterKey, makeWorkerKey } = await import('../cluster/cluster-key.js');
  const master = ensureMasterKey(keyFolder);
  if (!master.ok) return master;
  const { key, isNew } = master.value;
  if (isNew) onEvent({ type: 'key-made', file: clusterKeyFile(keyFolder) });
  const pilotKey = makeWorkerKey(key);
  const known = new Set([key.publicKey, pilotKey.publicKey]);
  // Read each time somebody knocks: who is revoked while a run lasts gets in no more.
  const isAllowed = (publicKey: string): boolean => {
    if (known.has(publicKey)) return true;
    const listed = readAllowList(keyFolder);
    return listed.ok && listed.value.some((worker) => worker.publicKey === publicKey);
  };
  const revoke = (): void => void known.delete(pilotKey.publicKey);
  return ok({ door: { key, isAllowed }, pilotKey, revoke });
}
