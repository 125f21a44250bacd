import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result } from '../lib/result.js';
import { ok } from '../lib/result.js';
import type { SlurmSettings } from '../manifest/provider-settings.js';
import { askEngine, statusesOf } from './engine.js';
import type {
  PilotContext,
  PilotId,
  PilotPhase,
  PilotStatus,
  Provider,
  ProviderFailure,
  ProviderPorts,
} from './provider.js';
import { slurmScript } from './slurm-script.js';

/** Slurm's own limit of one array is 1001 unless the site raised it. */
const MAX_ARRAY = 1000;
const PREFIX = 'flac2all-';

/** Pilots as tasks of job arrays. Needs no accounting: asks `squeue` alone. */
export function slurmProvider(
  settings: SlurmSettings,
  context: PilotContext,
  { runner, self }: ProviderPorts,
): Provider {
  const { run } = context;
  const script = (count: number): string =>
    slurmScript({ settings, context, program: self, jobName: PREFIX + run, count });
  const list: Provider['list'] = async (runs) => {
    const args = ['--noheader', '--me', '--array', '--states=all', '--format=%i|%j|%T|%r'];
    const own = runs === 'own' ? [`--name=${PREFIX}${run}`] : [];
    const purpose = 'list the pilots of Slurm';
    const told = await askEngine(runner, { purpose, program: 'squeue', args: [...args, ...own] });
    return told.ok ? ok(parseQueue(told.value)) : told;
  };
  return {
    name: settings.name,
    async check() {
      const purpose = 'reach Slurm';
      const told = await askEngine(runner, { purpose, program: 'scontrol', args: ['ping'] });
      if (!told.ok) return told;
      const version = await askEngine(runner, { purpose, program: 'sbatch', args: ['--version'] });
      return version.ok ? ok(undefined) : version;
    },
    render: (count) => [{ name: 'flac2all-worker.sbatch', content: script(count) }],
    async submit(count) {
      const ids: PilotId[] = [];
      while (ids.length < count) {
        const size = Math.min(MAX_ARRAY, count - ids.length);
        const purpose = 'submit pilots to Slurm';
        const args = ['--parsable'];
        const input = script(size);
        const told = await askEngine(runner, { purpose, program: 'sbatch', args, input });
        if (!told.ok) return ids.length > 0 ? ok(ids) : told;
        // `job` or `job;cluster`
        const job = told.value.trim().split(';')[0] ?? '';
        for (let index = 0; index < size; index += 1) ids.push(`${job}_${index}`);
      }
      return ok(ids);
    },
    list,
    async status(ids) {
      const listed = await list('own');
      return listed.ok ? ok(statusesOf(ids, listed.value, run)) : listed;
    },
    async cancel(ids, { drain }) {
      if (ids.length === 0) return ok(undefined);
      const purpose = 'cancel pilots of Slurm';
      const scancel = (...flags: string[]): Promise<Result<string, ProviderFailure>> =>
        askEngine(runner, { purpose, program: 'scancel', args: ['--quiet', ...flags, ...ids] });
      if (!drain) return withoutValue(await scancel());
      const waiting = await scancel('--state=PENDING');
      // To the batch process alone, which is the agent: SIGTERM lets it finish what it has.
      return withoutValue(waiting.ok ? await scancel('--batch', '--signal=TERM') : waiting);
    },
    async lastWords(id) {
      return readFile(join(context.folder, `${id}.err`), 'utf8').then(
        (text) => text.trim(),
        () => '',
      );
    },
    dispose: () => rm(context.folder, { recursive: true, force: true }),
  };
}

function withoutValue(told: Result<unknown, ProviderFailure>): Result<void, ProviderFailure> {
  return told.ok ? ok(undefined) : told;
}

/** Lines of `squeue`; jobs of others and what is no line of ours are left out. */
export function parseQueue(text: string): readonly PilotStatus[] {
  return text.split('\n').flatMap((line) => {
    const [id = '', name = '', state = '', reason = ''] = line.trim().split('|');
    if (!name.startsWith(PREFIX)) return [];
    const told = reason === '' || reason === 'None' ? state : `${state} (${reason})`;
    return [{ id, run: name.slice(PREFIX.length), phase: phaseOf(state), text: told }];
  });
}

const RUNNING = new Set(['RUNNING', 'SIGNALING', 'STAGE_OUT', 'SUSPENDED', 'STOPPED']);
const WAITING = new Set([
  'PENDING',
  'CONFIGURING',
  'REQUEUED',
  'REQUEUE_FED',
  'REQUEUE_HOLD',
  'RESV_DEL_HOLD',
  'RESIZING',
  'SPECIAL_EXIT',
]);

function phaseOf(state: string): PilotPhase {
  if (RUNNING.has(state)) return 'running';
  return WAITING.has(state) ? 'pending' : 'ended';
}
