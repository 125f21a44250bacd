import { WORKER_OPTIONS } from './worker-options.js';

const PORT = 2019;

/** Options of `flac2all worker` whose value stands alone. */
const TAKES_VALUE: ReadonlySet<string> = new Set([
  '-j',
  '--jobs',
  '--connect',
  '--key',
  ...Object.entries(WORKER_OPTIONS)
    .filter(([, { type }]) => type !== 'boolean')
    .map(([name]) => `--${name}`),
]);

/**
 * Turns the classic `flac2all_worker HOST [options]` into the arguments of `flac2all worker`. HOST may
 * carry a port, and may be left out for this machine.
 */
export function workerArguments(argv: readonly string[]): readonly string[] {
  if (argv.includes('--version')) return ['--version'];
  const at = argv.findIndex(
    (argument, index) => !argument.startsWith('-') && !TAKES_VALUE.has(argv[index - 1] ?? ''),
  );
  const host = argv[at];
  if (host === undefined) return ['worker', ...argv];
  const endpoint = host.includes('://')
    ? host
    : `tcp://${/:\d+$/.test(host) ? host : `${host}:${PORT}`}`;
  return ['worker', '--connect', endpoint, ...argv.slice(0, at), ...argv.slice(at + 1)];
}
