import { systemClock } from '../lib/clock.js';
import { runProgram } from './program.js';

/**
 * Runs a command line as this process: its streams, its signals, its exit code. Commands that take
 * signals themselves (`apply`, `worker`) keep the process alive; for the others the first one ends it.
 */
export async function start(argv: readonly string[]): Promise<void> {
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stopped.abort(signal));
  }
  // Whoever reads may leave (`flac2all plan | head`): what is written then goes nowhere, without a fuss.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.exitCode = await runProgram(argv, {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    clock: systemClock,
    signal: stopped.signal,
  });
}
