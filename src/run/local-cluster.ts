import { availableParallelism } from 'node:os';
import { advertisedEndpoint, makePrivateEndpoint } from '../cluster/endpoint.js';
import type { UniformTools } from '../cluster/admission.js';
import type { Capabilities } from '../cluster/contract.js';
import type { Continuity } from '../cluster/master-run.js';
import type { MasterEvent } from '../cluster/master-event.js';
import type { MasterSignals } from '../cluster/master.js';
import { needsOf, programOf } from '../cluster/need.js';
import type { Door } from '../cluster/open-socket.js';
import type { Timing } from '../cluster/timing.js';
import type { Clock } from '../lib/clock.js';
import type { Failure } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import { startLocalAgent } from '../providers/local-agent.js';
import type { Task } from '../task/task.js';
import { openDoor } from './cluster-door.js';
import type { HandOut } from './encode-stage.js';
import type { RunFailure } from './failure.js';
import type { Pilots, PilotSetting, PilotsOptions } from './pilots.js';
import { ENTRY } from './entry.js';
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
  readonly timing?: Partial<Timing>;
  readonly signals: Pick<MasterSignals, 'drain' | 'abort'>;
  /** Engines that start agents for this run. */
  readonly pilots?: PilotSetting;
}

type Work = Parameters<HandOut>[0];

/**
 * A master in this process and an agent in another, connected by ZeroMQ as a remote one would be.
 * The endpoint is a socket in a private folder, so only this user's processes can join. Engines that
 * are set start more agents, which have ended when it resolves.
 */
export function localCluster(options: LocalClusterOptions): HandOut {
  return async (work) => {
    const slots = options.slots === 'auto' ? availableParallelism() : options.slots;
    const engines = options.pilots?.providers.length ?? 0;
    const bind = options.bind ?? (engines > 0 ? 'tcp://*:*' : undefined);
    const refusal = refuseEmpty(slots, bind);
    if (refusal !== undefined) return err(refusal);
    const opened = await openDoor({ ...options, bind, onEvent: work.onEvent });
    if (!opened.ok) return opened;
    const { clock, signals } = options;
    const sources = new Sources(Number(slots > 0) + Number(engines > 0));
    const pilots = await preparePilots(options, work, {
      key: opened.value?.pilotKey,
      onExhausted: (text) => sources.dry(text),
    });
    if (!pilots.ok) return pilots;
    const endpoint = await makePrivateEndpoint();
    if (!endpoint.ok) return endpoint;
    const { endpoint: address, remove } = endpoint.value;
    const agent = startAgent({ address, slots, clock, tasks: work.tasks });
    void agent?.ended.then((ended) => {
      if (!ended.ok) sources.dry(ended.error.message);
    });
    const fleet = pilots.value;
    const tell = (event: MasterEvent): void => {
      if (event.type === 'task-done') agent?.progressed();
      fleet?.take(event);
      work.onEvent(event);
      if (event.type !== 'listening' || event.endpoint === address || bind === undefined) return;
      const { advertise } = options.pilots ?? {};
      const started = fleet?.start(advertisedEndpoint(event.endpoint, { bind, advertise }));
      if (started?.ok === false) sources.dry(started.error.message);
    };
    try {
      // Loaded while the agent starts, which takes longer.
      const { runMaster } = await import('../cluster/master.js');
      return await runMaster({
        ...work,
        continuity: tiedTo(opened.value?.door, work.continuity),
        onFailed: (...failed) => {
          fleet?.taskFailed();
          return work.onFailed(...failed);
        },
        fleet: { ...work.fleet, uniformTools: options.uniformTools, ownTools: toolsHere },
        endpoints: [address, ...(bind === undefined ? [] : [bind])],
        door: opened.value?.door,
        version: VERSION,
        timing: options.timing ?? {},
        clock,
        signals: { ...signals, exhausted: sources.exhausted },
        onEvent: tell,
      });
    } finally {
      opened.value?.revoke();
      await Promise.all([agent?.stop(), fleet?.stop()]);
      await remove();
    }
  };
}

/** Whoever reads the ledger alone cannot make tokens where there is a key. */
function tiedTo(
  door: Door | undefined,
  continuity: Continuity | undefined,
): Continuity | undefined {
  if (continuity === undefined || door === undefined) return continuity;
  return { ...continuity, secret: `${door.key.secretKey} ${continuity.secret}` };
}

/** Where agents come from; when the last source has run dry, no agent will come by itself any more. */
class Sources {
  readonly #exhausted = new AbortController();
  #left: number;

  constructor(count: number) {
    this.#left = count;
  }

  get exhausted(): AbortSignal {
    return this.#exhausted.signal;
  }

  dry(text: string): void {
    this.#left -= 1;
    if (this.#left <= 0) this.#exhausted.abort(new Error(text));
  }
}

async function preparePilots(
  { pilots: setting, clock, signals }: LocalClusterOptions,
  { tasks, onEvent }: Work,
  more: Pick<PilotsOptions, 'key' | 'onExhausted'>,
): Promise<Result<Pilots | undefined, Failure>> {
  if (setting === undefined || setting.providers.length === 0) return ok(undefined);
  const { drain } = signals;
  const { Pilots: Engines } = await import('./pilots.js');
  const pilots = new Engines({
    ...more,
    setting,
    tasks: tasks.length,
    clock,
    drain,
    onEvent,
  });
  const prepared = await pilots.prepare();
  return prepared.ok ? ok(pilots) : prepared;
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
  readonly tasks: readonly Task[];
}): ReturnType<typeof startLocalAgent> | undefined {
  const { address, slots, clock, tasks } = agent;
  if (slots === 0) return undefined;
  const asked = programsFor(tasks).flatMap((name) => ['--program', name]);
  const args = ['worker', '--connect', address, '--jobs', String(slots), '--started-by-master'];
  return startLocalAgent({ entry: ENTRY, args: [...args, ...asked], clock });
}

/** What the tasks need, so that their agent need not run every encoder that there is before it begins. */
function programsFor(tasks: readonly Task[]): readonly string[] {
  const encodes = tasks.filter(({ sidecar, reuse }) => !sidecar && reuse === undefined);
  const byRecipe = new Map(encodes.map((task) => [task.recipe, task]));
  const needs = [...byRecipe.values()].flatMap((task) => needsOf(task, []));
  return [...new Set(needs.flatMap((need) => programOf(need) ?? []))];
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
