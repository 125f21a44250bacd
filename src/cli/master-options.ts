import type { ClusterSettings } from '../manifest/manifest.js';
import type { OptionValues } from './command.js';
import type { UsageFailure } from './failure.js';

/** Where the classic workers look for their master, on all addresses of this machine. */
const CLASSIC_BIND = 'tcp://*:2019';

/** Options of commands that hand out work, to workers of other machines too. */
export const MASTER_OPTIONS = {
  master: {
    type: 'boolean',
    short: 'm',
    description:
      'be a master: wait for `flac2all_worker HOST` on this and other machines, and encode nothing here unless a number of workers is given',
  },
  bind: {
    type: 'string',
    placeholder: 'ENDPOINT',
    description: 'where workers can join (with --master: tcp://*:2019)',
  },
  insecure: {
    type: 'boolean',
    description: 'let workers of other machines join without a key',
  },
  metrics: {
    type: 'integer',
    placeholder: 'PORT',
    min: 0,
    max: 65_535,
    description:
      'while it works, answer /metrics (Prometheus), /healthz and /workers.json on this port of 127.0.0.1; 0: a free one, which is told',
  },
} as const;

/** How the work is done: what the command line says goes before the manifest. */
export function masterSettings(
  { master, bind, insecure, metrics }: OptionValues<typeof MASTER_OPTIONS>,
  jobs: number | undefined,
  cluster: ClusterSettings,
): ClusterSettings {
  const here = master && cluster.workers === 'auto' ? 0 : cluster.workers;
  return {
    ...cluster,
    bind: bind ?? cluster.bind ?? (master ? CLASSIC_BIND : undefined),
    workers: jobs ?? here,
    insecure: insecure || cluster.insecure,
    ...(metrics === undefined ? {} : { metrics }),
  };
}

/**
 * Refuses an option that says 0 workers where none can join: such a run would make nothing, and says so
 * only once the ledger is there. `undefined`: somebody can work, or it is the manifest that says so.
 */
export function refuseNobody(
  option: 'jobs' | 'threads',
  count: number | undefined,
  { bind, providers }: ClusterSettings,
): UsageFailure | undefined {
  if (count !== 0 || bind !== undefined || providers.length > 0) return undefined;
  const message = `--${option} 0: no worker is started here and none can join, so nobody would do the work`;
  const hint = `with --master (or --bind) workers can join; or leave --${option} out`;
  return { code: 'USAGE', message, hint };
}
