import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { makePrivateEndpoint } from '#src/cluster/endpoint.js';
import type { PrivateEndpoint } from '#src/cluster/endpoint.js';
import { runMaster } from '#src/cluster/master.js';
import { systemClock } from '#src/lib/clock.js';
import type { Task } from '#src/task/task.js';
import { fakeTasks } from '../cluster/rig.js';
import { compare } from './compare.js';
import { echo, WINDOW } from './echo.js';
import type { Cost } from './measure.js';
import { timed } from './scan.js';
import { setting } from './setting.js';
import { formatMs, formatRate, formatRatio, printTable } from './table.js';

const AGENT = fileURLToPath(new URL('./idle-agent.js', import.meta.url));

/**
 * Tasks of no work at all through a real master and an agent process, against as many messages that
 * are only echoed over the same kind of socket. Short tasks go in batches, long ones do not.
 */
export async function dispatch(): Promise<void> {
  const count = setting('TASKS', 20_000);
  const few = Math.ceil(count / 10);
  const repeats = setting('REPEATS', 5);
  const [floor, batched, single] = await compare(
    [
      { name: 'echo', run: () => echoed(few) },
      { name: 'batched', run: () => runTasks(fakeTasks(count), 1) },
      { name: 'single', run: () => runTasks(fakeTasks(few), 60) },
    ],
    repeats,
  );
  if (floor === undefined || batched === undefined || single === undefined) return;
  const row = (name: string, { wallMs }: Cost, tasks: number): readonly string[] => [
    name,
    formatMs(wallMs / tasks),
    formatRate(tasks, wallMs),
    formatRatio(wallMs / tasks, floor.wallMs / few),
  ];
  printTable('dispatch: tasks of no work, 2 slots, ipc (RATIO to an echo)', [
    ['how', 'a task', 'tasks', 'RATIO'],
    row(`echo, ${WINDOW} on the way`, floor, few),
    row('tasks that took 60 ms: one by one', single, few),
    row('tasks that took 1 ms: in batches', batched, count),
  ]);
}

/** `saidMs`: how long the agent says that each task took; the master goes by that. */
async function runTasks(tasks: readonly Task[], saidMs: number): Promise<Cost> {
  const { endpoint, remove } = await privateEndpoint();
  const agent = fork(AGENT, [endpoint, String(saidMs)]);
  await once(agent, 'message');
  agent.send('go');
  const cost = await timed(async () => {
    const done = await runToEnd(tasks, endpoint);
    if (done !== tasks.length) throw new Error(`${done} of ${tasks.length} done`);
  });
  if (agent.exitCode === null) await once(agent, 'exit');
  await remove();
  return cost;
}

/** A master whose ledger takes no time; how many tasks were done. */
async function runToEnd(tasks: readonly Task[], endpoint: string): Promise<number> {
  const never = new AbortController().signal;
  const report = await runMaster({
    endpoints: [endpoint],
    tasks,
    epoch: 1,
    version: '1.0.0',
    clock: systemClock,
    lease: (task) => Promise.resolve(task),
    commit: () => Promise.resolve({ verdict: 'committed' }),
    onFailed: () => Promise.resolve(),
    onEvent: () => undefined,
    signals: { drain: never, abort: never },
  });
  if (!report.ok) throw new Error(report.error.message);
  return report.value.done;
}

async function privateEndpoint(): Promise<PrivateEndpoint> {
  const made = await makePrivateEndpoint();
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}

/** Over a socket of the same kind. */
async function echoed(count: number): Promise<Cost> {
  const { endpoint, remove } = await privateEndpoint();
  const cost = await echo(count, { endpoint });
  await remove();
  return cost;
}
