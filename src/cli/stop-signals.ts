import type { RunEvent } from '../report/event.js';
import { EXIT } from './exit-code.js';
import type { ExitCode } from './exit-code.js';

/** SIGINT and SIGTERM as a run takes them. */
export interface StopSignals {
  /** Aborted by the first: hand out no more, let running encodes be committed. */
  readonly drain: AbortSignal;
  /** Aborted by the second: stop the workers at once. */
  readonly abort: AbortSignal;
  /** 130 after SIGINT, 143 after SIGTERM. */
  readonly exitCode: ExitCode;
  /** Gives the signals back to their default. */
  release(): void;
}

/** Listens from now on; tells the user what the signal does and what a second one would do. */
export function stopSignals(emit: (event: RunEvent) => void): StopSignals {
  const drain = new AbortController();
  const abort = new AbortController();
  let exitCode: ExitCode = EXIT.interrupted;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (drain.signal.aborted) {
      if (!abort.signal.aborted) emit({ type: 'interrupted', how: 'immediate' });
      abort.abort();
      return;
    }
    exitCode = signal === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
    emit({ type: 'interrupted', how: 'graceful' });
    drain.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    drain: drain.signal,
    abort: abort.signal,
    get exitCode() {
      return exitCode;
    },
    release: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
