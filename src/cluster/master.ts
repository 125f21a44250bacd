import { randomBytes } from 'node:crypto';
import type { Clock } from '../lib/clock.js';
import type { Failure } from '../lib/failure.js';
import { ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { failedOutcome } from '../task/problem.js';
import type { Failed, Task } from '../task/task.js';
import { Admission } from './admission.js';
import type { FleetRules } from './admission.js';
import { Conversation } from './conversation.js';
import { guardDoor } from './doorkeeper.js';
import { isLocalEndpoint, isPrivateEndpoint } from './endpoint.js';
import type { ClusterFailureCode } from './failure.js';
import type { MasterReport } from './master-event.js';
import { MasterRun } from './master-run.js';
import type { Continuity, MasterHooks } from './master-run.js';
import { MasterSocket } from './master-socket.js';
import { needsOf } from './need.js';
import { openSocket } from './open-socket.js';
import type { Door } from './open-socket.js';
import { Peer } from './peer.js';
import { DEFAULT_TIMING } from './timing.js';
import type { Timing } from './timing.js';

/** So long a revoked key may go on. */
const RECHECK_MS = 1000;

/** All that a master has to know. */
export interface MasterOptions extends MasterHooks {
  /** `ipc://...` or `tcp://host:port`; port `*` takes a free one, told by the event `listening`. */
  readonly endpoints: readonly string[];
  /** Guards the endpoints that other machines can reach; without it these are open to all. */
  readonly door?: Door | undefined;
  readonly tasks: readonly Task[];
  /** Of the ledger; higher than that of every run before. */
  readonly epoch: number;
  /** Of this program; agents must have the same. */
  readonly version: string;
  readonly clock: Clock;
  readonly signals: MasterSignals;
  readonly timing?: Partial<Timing>;
  /** Without it no attempt of another master counts. */
  readonly continuity?: Continuity | undefined;
  /** What is asked of agents; without it each gets any task. */
  readonly fleet?: FleetRules;
}

/** What ends a run before its tasks are over. */
export interface MasterSignals {
  /** Hand out no more, let what runs commit. */
  readonly drain: AbortSignal;
  /** Stop the agents' work at once. */
  readonly abort: AbortSignal;
  /**
   * No agent will come by itself any more; the reason's `message` says why. When none is left, the
   * remaining tasks fail with it.
   */
  readonly exhausted?: AbortSignal;
}

/**
 * Hands the tasks out to whatever agents connect, until each is done or failed or the run is
 * stopped. All sockets are closed when it returns. Rejects only with the error of a hook.
 */
export async function runMaster(
  options: MasterOptions,
): Promise<Result<MasterReport, Failure<ClusterFailureCode>>> {
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  const { version, epoch, onEvent, clock, fleet, door } = options;
  const run = new MasterRun({
    ...options,
    timing,
    continuity: options.continuity ?? inOneRun(),
    mayGrow: !options.endpoints.every(isPrivateEndpoint),
    ...(fleet && { needsOf: (task: Task) => needsOf(task, fleet.roots) }),
  });
  const { kinds } = run.state;
  const admission = fleet && new Admission({ fleet, kinds, clock, probeMs: timing.probeMs });
  const conversation = new Conversation({ run, version, epoch, onEvent, admission, clock, door });
  const sockets: MasterSocket[] = [];
  const ended = new AbortController();
  const guard = door && (await guardDoor(door.isAllowed));
  try {
    for (const endpoint of options.endpoints) {
      const socket = new MasterSocket(endpoint);
      const lock = isLocalEndpoint(endpoint) || !door || !guard ? undefined : { door, guard };
      const bound = await openSocket(socket, endpoint, { lock, clock });
      if (!bound.ok) return bound;
      sockets.push(socket);
      socket.isLocal = isPrivateEndpoint(endpoint);
      onEvent({ type: 'listening', endpoint: bound.value });
    }
    for (const socket of sockets) socket.listen(receiver(socket, { run, clock }, conversation));
    connectSignals(run, options.signals, ended.signal);
    const { signal } = ended;
    void every(timing.tickMs, () => run.dispatch({ type: 'tick' }), { clock, signal });
    void every(RECHECK_MS, () => conversation.dropRevoked(), { clock, signal });
    try {
      await run.finished;
      conversation.close();
      await run.settled();
    } finally {
      conversation.close();
      await sayGoodbye(run, { clock, withinMs: timing.farewellMs, signal: ended.signal });
    }
  } finally {
    ended.abort();
    await Promise.all(sockets.map((socket) => socket.close()));
    await guard?.close();
  }
  return ok(run.report(conversation.refusedMessages));
}

/** Tokens that die with this master. */
function inOneRun(): Continuity {
  const secret = randomBytes(32).toString('hex');
  return { secret, awaited: new Set(), resume: () => undefined };
}

function receiver(
  socket: MasterSocket,
  { run, clock }: { readonly run: MasterRun; readonly clock: Clock },
  conversation: Conversation,
): (routingId: Buffer, frames: readonly Buffer[] | undefined) => void {
  const peers = new Map<string, Peer>();
  const port = {
    onUndelivered: ({ session }: Peer, attempts: readonly string[]): void => {
      if (session !== undefined) run.dispatch({ type: 'undelivered', session, attempts });
    },
    onTooLarge: ({ session }: Peer, attempt: string): void => {
      if (session !== undefined) run.dispatch({ type: 'unsendable', session, attempt });
    },
  };
  return (routingId, frames) => {
    const key = routingId.toString('hex');
    let peer = peers.get(key);
    if (peer === undefined) {
      peer = new Peer(socket, { routingId, nowMs: clock.monotonic() }, port);
      peer.isLocal = socket.isLocal;
      peers.set(key, peer);
    }
    if (frames !== undefined) {
      conversation.take(peer, frames);
    } else {
      peers.delete(key);
      conversation.lose(peer);
    }
  };
}

function connectSignals(run: MasterRun, signals: MasterSignals, ended: AbortSignal): void {
  whenAborted(signals.drain, ended, () => run.dispatch({ type: 'drain' }));
  whenAborted(signals.abort, ended, () => run.dispatch({ type: 'abort' }));
  const { exhausted } = signals;
  if (exhausted === undefined) return;
  whenAborted(exhausted, ended, () => {
    run.dispatch({ type: 'exhausted', failed: noAgents(exhausted.reason) });
  });
}

function whenAborted(signal: AbortSignal, ended: AbortSignal, act: () => void): void {
  if (signal.aborted) act();
  else signal.addEventListener('abort', act, { once: true, signal: ended });
}

function noAgents(reason: unknown): Failed {
  const message =
    typeof reason === 'object' && reason !== null && 'message' in reason
      ? String(reason.message)
      : 'no worker is left';
  return failedOutcome({ class: 'environment', code: 'WORKERS_LOST', text: message });
}

interface Waiting {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

async function every(ms: number, act: () => void, { clock, signal }: Waiting): Promise<void> {
  while (!signal.aborted) {
    act();
    await clock.sleep(ms, signal).catch(() => undefined);
  }
}

/** Sends everybody home and waits, not for ever, until they have left. */
async function sayGoodbye(
  run: MasterRun,
  { clock, withinMs, signal }: Waiting & { readonly withinMs: number },
): Promise<void> {
  for (const peer of run.peers()) peer.send('SHUTDOWN', {});
  const done = new AbortController();
  const timeout = clock.sleep(withinMs, AbortSignal.any([signal, done.signal]));
  await Promise.race([run.deserted(), timeout.catch(() => undefined)]);
  done.abort();
}
