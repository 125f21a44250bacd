/**
 * An agent with a fault: `agent-process.js MODE ENDPOINT`.
 * - `sealed`: its first part file is complete and synced, and it dies before it can say so.
 * - `reported`: it dies just after it has said so.
 * - `blocked`: its event loop stands still for four seconds in the middle of its first task.
 * - `old`: it is of another version.
 */
import { runAgent } from '#src/cluster/agent.js';
import type { Execute } from '#src/cluster/contract.js';
import { systemClock } from '#src/lib/clock.js';
import { programsHere } from '#src/run/capabilities.js';
import { VERSION } from '#src/run/version.js';
import { executeTask } from '#src/task/execute.js';

const [mode = '', endpoint = ''] = process.argv.slice(2);
const BLOCK_MS = 4000;
const never = new AbortController().signal;
let isFirst = true;

// As a worker does: what ends encoders with this process would swallow the signal while it stands still.
const drain = new AbortController();
process.on('SIGTERM', () => drain.abort());

const execute: Execute = async (task, context) => {
  const outcome = await executeTask(task, context);
  const first = isFirst;
  isFirst = false;
  if (mode === 'sealed') process.kill(process.pid, 'SIGKILL');
  // What was said goes out with this turn of the event loop.
  if (mode === 'reported') setTimeout(() => process.kill(process.pid, 'SIGKILL'), 200);
  if (mode === 'blocked' && first) {
    for (const until = performance.now() + BLOCK_MS; performance.now() < until;);
  }
  return outcome;
};

const exit = await runAgent({
  endpoint,
  slots: 1,
  execute,
  capabilities: await programsHere(),
  name: mode,
  version: mode === 'old' ? '0.0.1' : VERSION,
  clock: systemClock,
  signals: { drain: drain.signal, abort: never },
});
process.stderr.write(`${exit.text}\n`);
process.exitCode = exit.reason === 'rejected' ? 1 : 0;
