import type { AgentSignals } from './agent.js';

/** The line that tells an agent on its standard input to finish what it runs, and leave. */
export const DRAIN_LINE = 'drain\n';

/** Who started the agent. */
export interface AgentSignalOptions {
  /**
   * A master started this agent and holds its standard input: its end is the end of the master.
   * The terminal's SIGINT is the master's business then, who tells the agent what to do. The line
   * `drain` on standard input is as good as SIGTERM, for masters on other machines.
   */
  readonly managed: boolean;
  /** It speaks to a terminal: when that is closed (SIGHUP) it leaves at once. */
  readonly onTerminal?: boolean;
}

/** Listens to what ends an agent: SIGTERM or SIGINT once to drain, twice to abort; the master's end. */
export function listenToSignals(
  options: AgentSignalOptions,
): AgentSignals & { readonly dispose: () => void } {
  const drain = new AbortController();
  const abort = new AbortController();
  const stop = (): void => (drain.signal.aborted ? abort : drain).abort();
  const masterGone = (): void => abort.abort();
  const listen = (text: Buffer): void => {
    if (text.includes(DRAIN_LINE)) drain.abort();
  };
  const onInterrupt = options.managed ? ignore : stop;
  const hangUp = (): void => {
    drain.abort();
    abort.abort();
  };
  process.on('SIGTERM', stop);
  if (options.onTerminal === true) process.on('SIGHUP', hangUp);
  process.on('SIGINT', onInterrupt);
  if (options.managed) {
    process.stdin.on('end', masterGone).on('close', masterGone).on('error', masterGone);
    process.stdin.on('data', listen).resume();
  }
  return {
    drain: drain.signal,
    abort: abort.signal,
    dispose: () => {
      process.off('SIGTERM', stop);
      process.off('SIGHUP', hangUp);
      process.off('SIGINT', onInterrupt);
      if (!options.managed) return;
      process.stdin
        .off('data', listen)
        .off('end', masterGone)
        .off('close', masterGone)
        .off('error', masterGone);
      process.stdin.destroy();
    },
  };
}

function ignore(): void {
  // Without a listener SIGINT would end the process.
}
