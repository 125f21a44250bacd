import { systemClock } from '../lib/clock.js';
import { errorCode, errorMessage } from '../lib/failure.js';
import { EXIT } from './exit-code.js';
import { runProgram } from './program.js';
import type { ProgramContext } from './program.js';

/**
 * Runs a command line as this process: its streams, its signals, its exit code. Commands that take
 * signals themselves (`apply`, `worker`) keep the process alive; for the others the first one ends it.
 * Only tests have wishes.
 */
export async function start(
  argv: readonly string[],
  wishes: Pick<ProgramContext, 'timing'> = {},
): Promise<void> {
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stopped.abort(signal));
  }
  // Whoever reads may leave (`flac2all plan | head`): what is written then goes nowhere, without a
  // fuss. A result that a full disk has cut short is an error.
  let isCut = false;
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error) => {
    if (isCut || errorCode(error) === 'EPIPE') return;
    isCut = true;
    process.exitCode ||= EXIT.error;
    process.stderr.write(`error: cannot write to standard output: ${errorMessage(error)}\n`);
  });
  const code = await runProgram(argv, {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    clock: systemClock,
    signal: stopped.signal,
    ...wishes,
  });
  process.exitCode = code === EXIT.ok && isCut ? EXIT.error : code;
}
