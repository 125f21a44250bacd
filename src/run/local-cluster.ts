import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { readAllowList } from '../cluster/allow-list.js';
import type { UniformTools } from '../cluster/admission.js';
import type { Capabilities } from '../cluster/contract.js';
import { isLocalEndpoint, makePrivateEndpoint } from '../cluster/endpoint.js';
import type { ClusterFailureCode } from '../cluster/failure.js';
import { clusterKeyFile } from '../cluster/key-file.js';
import type { MasterEvent } from '../cluster/master-event.js';
import type { MasterSignals } from '../cluster/master.js';
import type { Door } from '../cluster/open-socket.js';
import type { Clock } from '../lib/clock.js';
import type { Failure } from '../lib/failure.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { startLocalAgent } from '../providers/local.js';
import type { HandOut } from './encode-stage.js';
import type { RunFailure } from './failure.js';
import { VERSION } from './version.js';

export interface LocalClusterOptions {
  /** Tasks at the same time on this machine; `auto`: one per CPU. */
  readonly slots: number | 'auto';
  /** Also listens here, for agents that are started by hand: `tcp://*:2019`. */
  readonly bind: string | undefined;
  /** Asks agents of other machines for no key. */
  readonly insecure: boolean;
  /** What becomes of agents whose programs have other versions than this machine's. */
  readonly uniformTools: UniformTools;
  /** Where this user's keys are. */
  readonly keyFolder: string;
  readonly clock: Clock;
  readonly signals: Pick<MasterSignals, 'drain' | 'abort'>;
}

/** The program's own entry: an agent is started as `flac2all worker`. */
const ENTRY = fileURLToPath(new URL('../cli/main.js', import.meta.url));

/**
 * A master in this process and an agent in another, connected by ZeroMQ as a remote one would be.
 * The endpoint is a socket in a private folder, so only this user's processes can join.
 */
export function localCluster(options: LocalClusterOptions): HandOut {
  return async (work) => {
    const slots = options.slots === 'auto' ? availableParallelism() : options.slots;
    const refusal = refuseEmpty(slots, options.bind);
    if (refusal !== undefined) return err(refusal);
    const door = await doorOf(options, work.onEvent);
    if (!door.ok) return door;
    const endpoint = await makePrivateEndpoint();
    if (!endpoint.ok) return endpoint;
    const { endpoint: address, remove } = endpoint.value;
    const { bind, clock, signals } = options;
    const exhausted = new AbortController();
    const agent = slots === 0 ? undefined : startAgent({ address, slots, clock });
    void agent?.ended.then((ended) => {
      if (!ended.ok) exhausted.abort(new Error(ended.error.message));
    });
    try {
      // Loaded while the agent starts, which takes longer.
      const { runMaster } = await import('../cluster/master.js');
      return await runMaster({
        ...work,
        fleet: { ...work.fleet, uniformTools: options.uniformTools, ownTools: toolsHere },
        endpoints: [address, ...(bind === undefined ? [] : [bind])],
        door: door.value,
        version: VERSION,
        clock,
        signals: { ...signals, exhausted: exhausted.signal },
        onEvent: (event) => {
          if (event.type === 'task-done') agent?.progressed();
          work.onEvent(event);
        },
      });
    } finally {
      await agent?.stop();
      await remove();
    }
  };
}

/** Only asked for when an agent of elsewhere comes. */
async function toolsHere(): Promise<Capabilities> {
  const { programsHere } = await import('./capabilities.js');
  return programsHere();
}

function startAgent(agent: {
  readonly address: string;
  readonly slots: number;
  readonly clock: Clock;
}): ReturnType<typeof startLocalAgent> {
  const { address, slots, clock } = agent;
  const args = ['worker', '--connect', address, '--jobs', String(slots), '--started-by-master'];
  return startLocalAgent({ entry: ENTRY, args, clock });
}

/** Nobody would ever work for a master that starts no worker and that none can reach. */
function refuseEmpty(slots: number, bind: string | undefined): RunFailure | undefined {
  if (slots > 0 || bind !== undefined) return undefined;
  return {
    code: 'NO_WORKERS',
    message: 'no worker is started here and none can join: there is nobody to do the work',
    hint: 'with --master (or cluster.bind) workers can join; or leave out what says 0 workers',
  };
}

/** The key that other machines' agents need; made where there is none. Nobody else can reach a local address. */
async function doorOf(
  { bind, insecure, keyFolder }: LocalClusterOptions,
  onEvent: (event: MasterEvent) => void,
): Promise<Result<Door | undefined, Failure<ClusterFailureCode>>> {
  if (bind === undefined || isLocalEndpoint(bind)) return ok(undefined);
  if (insecure) {
    onEvent({ type: 'insecure', endpoint: bind });
    return ok(undefined);
  }
  const { ensureMasterKey } = await import('../cluster/cluster-key.js');
  const master = ensureMasterKey(keyFolder);
  if (!master.ok) return master;
  const { key, isNew } = master.value;
  if (isNew) onEvent({ type: 'key-made', file: clusterKeyFile(keyFolder) });
  // Read each time somebody knocks: who is revoked while a run lasts gets in no more.
  const isAllowed = (publicKey: string): boolean => {
    if (publicKey === key.publicKey) return true;
    const listed = readAllowList(keyFolder);
    return listed.ok && listed.value.some((worker) => worker.publicKey === publicKey);
  };
  return ok({ key, isAllowed });
}
