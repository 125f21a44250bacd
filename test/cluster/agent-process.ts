/**
 * An agent as a process of its own, for tests: `agent-process.js MODE ENDPOINT`.
 * - `work`: every task is made at once.
 * - `hang`: every task writes its part file, starts, and ends only when it is cancelled.
 * - `encode`: as `hang`, with an encoder process that holds a connection to the socket ENCODER_SOCKET.
 * - `wait`: every task starts and never ends.
 * - `broken`: the process ends at once, with an error.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { aborted } from 'node:util';
import { runAgent } from '#src/cluster/agent.js';
import { listenToSignals } from '#src/cluster/agent-signals.js';
import type { Execute } from '#src/cluster/contract.js';
import { systemClock } from '#src/lib/clock.js';
import { failed, made } from './rig.js';

const [mode = '', endpoint = ''] = process.argv.slice(2);

const hang: Execute = async (task, { signal, onStart }) => {
  writeFileSync(task.part, 'half');
  onStart();
  await aborted(signal, signal);
  return made();
};

const encode: Execute = async (task, context) => {
  const script = `require('node:net').connect(process.env.ENCODER_SOCKET)`;
  const encoder = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
  await aborted(context.signal, encoder);
  encoder.kill('SIGKILL');
  return failed('cancelled', task.id);
};

const wait: Execute = (_task, { onStart }) => {
  onStart();
  return new Promise(() => undefined);
};

const work: Execute = (_task, { onStart }) => {
  onStart();
  return Promise.resolve(made());
};

if (mode === 'broken') {
  process.stderr.write('no such module\n');
  process.exit(3);
}
const signals = listenToSignals({ managed: true });
const exit = await runAgent({
  endpoint,
  slots: 1,
  execute: { hang, encode, wait, work }[mode] ?? work,
  capabilities: {},
  name: mode,
  version: '1.0.0',
  clock: systemClock,
  signals,
});
signals.dispose();
process.exitCode = exit.reason === 'rejected' ? 1 : 0;
