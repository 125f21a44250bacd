import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { curveKeyPair } from 'zeromq';
import type { ClusterKey } from '#src/cluster/key-file.js';
import { runMaster } from '#src/cluster/master.js';
import type { MasterEvent } from '#src/cluster/master-event.js';
import { systemClock } from '#src/lib/clock.js';
import type { Task } from '#src/task/task.js';
import { fakeTasks } from '../cluster/rig.js';
import { echo, WINDOW } from './echo.js';
import { setting } from './setting.js';
import { formatMs, formatRate, formatRatio, printTable } from './table.js';

const AGENTS = fileURLToPath(new URL('./simulated-agents.js', import.meta.url));
/** A process for so many: ZeroMQ has one thread for all their ciphers. */
const PER_PROCESS = 1250;

/** Of a master, besides one for each agent. */
const SPARE_FILES = 200;

interface Fleet {
  readonly agents: number;
  readonly slots: number;
  /** What an agent says that a task took. */
  readonly saidMs: number;
}

const FLEETS: readonly Fleet[] = [
  { agents: 4, slots: 16, saidMs: 60 },
  { agents: 2, slots: 2, saidMs: 1 },
  { agents: 1000, slots: 1, saidMs: 60 },
  { agents: 5000, slots: 1, saidMs: 60 },
];

/**
 * Fleets behind a door: what a joined agent costs the master, how many tasks of no work go through it, and how
 * long it takes until a killed worker's task is somebody else's. `BENCH_AGENTS` leaves out larger fleets; so does a low limit of open files.
 */
export async function scale(): Promise<void> {
  const tasks = setting('TASKS', 40_000);
  const most = setting('AGENTS', 5000);
  const files = openFileLimit();
  const fleets = FLEETS.filter(({ agents }) => agents <= most && agents + SPARE_FILES <= files);
  const floor = await echo(tasks / 4, { endpoint: 'tcp://127.0.0.1:*', curve: true });
  const floorMs = floor.wallMs / (tasks / 4);
  const rows: (readonly string[])[] = [
    [`echo, ${WINDOW} on the way`, '-', '-', formatRate(1, floorMs), formatRatio(1, 1)],
  ];
  for (const fleet of fleets) {
    const { joinMs, kbEach, rateMs } = await measure(fleet, fakeTasks(tasks));
    const how = fleet.saidMs < 50 ? 'in batches' : 'one by one';
    rows.push([
      `${fleet.agents} with ${fleet.slots} slots, ${how}`,
      formatMs(joinMs),
      `${Math.round(kbEach)} KB`,
      formatRate(tasks, rateMs),
      formatRatio(rateMs / tasks, floorMs),
    ]);
  }
  printTable('scale: agents behind a door (CURVE), tasks of no work (RATIO to an echo)', [
    ['agents', 'joined in', 'each', 'tasks', 'RATIO'],
    ...rows,
  ]);
  for (const { agents } of FLEETS) {
    if (agents > most) console.log(`${agents} agents: left out (BENCH_AGENTS)`);
    else if (agents + SPARE_FILES > files)
      console.log(`${agents} agents: left out, a process may open ${files} files (ulimit -n)`);
  }
  printTable('scale: a killed worker', [
    ['what', 'after'],
    ['its task may go to another', formatMs(await detection())],
  ]);
}

interface Measured {
  readonly joinMs: number;
  readonly kbEach: number;
  readonly rateMs: number;
}

/** The tasks are held back until all agents are there. */
async function measure(fleet: Fleet, tasks: readonly Task[]): Promise<Measured> {
  const key = masterKey();
  const parts: ChildProcess[] = [];
  let joinMs = 0;
  let kbEach = 0;
  let startedMs = 0;
  let go: () => void = () => undefined;
  const everybody = new Promise<void>((resolve) => {
    go = resolve;
  });
  const onListening = async (endpoint: string): Promise<void> => {
    const before = memoryKb();
    const begin = performance.now();
    const joined: Promise<unknown>[] = [];
    for (let left = fleet.agents; left > 0; left -= PER_PROCESS) {
      const count = Math.min(left, PER_PROCESS);
      const part = startFleet([endpoint, count, fleet.slots, fleet.saidMs], key);
      parts.push(part);
      joined.push(once(part, 'message'));
    }
    await Promise.all(joined);
    joinMs = performance.now() - begin;
    kbEach = (memoryKb() - before) / fleet.agents;
    startedMs = performance.now();
    go();
  };
  await runTasks(tasks, key, {
    onListening: (endpoint) => void onListening(endpoint),
    ready: everybody,
  });
  const rateMs = performance.now() - startedMs;
  await Promise.all(parts.map(ended));
  return { joinMs, kbEach, rateMs };
}

/** From the kill of a worker until its task may go to another. */
async function detection(): Promise<number> {
  const key = masterKey();
  const parts: ChildProcess[] = [];
  let killedMs = 0;
  let takenBackMs = 0;
  await runTasks(fakeTasks(1), key, {
    onListening: (endpoint) => {
      const silent = startFleet([endpoint, 1, 1, 0], key);
      parts.push(silent);
      silent.once('message', () => {
        killedMs = performance.now();
        silent.kill('SIGKILL');
      });
    },
    onRequeued: (endpoint) => {
      takenBackMs = performance.now();
      parts.push(startFleet([endpoint, 1, 1, 60], key));
    },
    ready: Promise.resolve(),
  });
  await Promise.all(parts.map(ended));
  return takenBackMs - killedMs;
}

interface Hooks {
  readonly onListening: (endpoint: string) => void;
  readonly onRequeued?: (endpoint: string) => void;
  /** Nothing is handed out before. */
  readonly ready: Promise<void>;
}

async function runTasks(tasks: readonly Task[], key: ClusterKey, hooks: Hooks): Promise<void> {
  const never = new AbortController().signal;
  let address = '';
  const report = await runMaster({
    endpoints: ['tcp://0.0.0.0:*'],
    door: { key, isAllowed: (publicKey) => publicKey === key.publicKey },
    tasks,
    epoch: 1,
    version: '1.0.0',
    clock: systemClock,
    lease: (task) => hooks.ready.then(() => task),
    commit: () => Promise.resolve({ verdict: 'committed' }),
    onFailed: () => Promise.resolve(),
    onEvent: (event: MasterEvent) => {
      if (event.type === 'listening') {
        address = event.endpoint.replace('0.0.0.0', '127.0.0.1');
        hooks.onListening(address);
      }
      if (event.type === 'task-requeued') hooks.onRequeued?.(address);
    },
    signals: { drain: never, abort: never },
  });
  if (!report.ok) throw new Error(report.error.message);
  if (report.value.done !== tasks.length) throw new Error(`${report.value.done} tasks done`);
}

/** What is asked of Node for this process (a profile) is not for the agents. */
function startFleet(args: readonly (string | number)[], key: ClusterKey): ChildProcess {
  const env = { ...process.env, KEY: JSON.stringify(key) };
  return fork(AGENTS, args.map(String), { env, execArgv: [] });
}

/** Soft limit of this process and its children; `Infinity` where the system does not say. */
function openFileLimit(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    return Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Infinity);
  } catch {
    return Infinity;
  }
}

async function ended(part: ChildProcess): Promise<void> {
  if (part.connected) part.disconnect();
  if (part.exitCode === null && part.signalCode === null) await once(part, 'exit');
}

function masterKey(): ClusterKey {
  const { publicKey, secretKey } = curveKeyPair();
  return { serverKey: publicKey, publicKey, secretKey };
}

function memoryKb(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss / 1024;
}
