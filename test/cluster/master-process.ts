/** A master as a process of its own, to be killed by tests: `master-process.js ENDPOINT`. */
import { runMaster } from '#src/cluster/master.js';
import { systemClock } from '#src/lib/clock.js';
import { fakeTasks } from './rig.js';

const never = new AbortController().signal;

await runMaster({
  endpoints: [process.argv[2] ?? ''],
  tasks: fakeTasks(5),
  epoch: 6,
  version: '1.0.0',
  clock: systemClock,
  lease: (task) => Promise.resolve(task),
  commit: () => Promise.resolve({ verdict: 'committed' }),
  onFailed: () => Promise.resolve(),
  onEvent: () => undefined,
  signals: { drain: never, abort: never },
});
