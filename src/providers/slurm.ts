import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result } from '../lib/result.js';
import { ok } from '../lib/result.js';
import type { SlurmSettings } from '../manifest/provider-settings.js';
import { askEngine, statusesOf, withoutValue } from './engine.js';
import type {
  PilotContext,
  PilotId,
  PilotPhase,
  PilotStatus,
  Provider,
  ProviderFailure,
  ProviderPorts,
  RenderedFile,
} from './provider.js';
import { slurmScript } from './slurm-script.js';

/** Slurm's own limit of one array is 1001 unless the site raised it. */
const MAX_ARRAY = 1000;
const PREFIX = 'flac2all-';

/** Pilots as tasks of job arrays. Needs no accounting: asks `squeue` alone. */
export class SlurmProvider implements Provider {
  readonly name: string;
  readonly #settings: SlurmSettings;
  readonly #context: PilotContext;
  readonly #ports: ProviderPorts;

  constructor(settings: SlurmSettings, context: PilotContext, ports: ProviderPorts) {
    this.name = settings.name;
    this.#settings = settings;
    this.#context = context;
    this.#ports = ports;
  }

  async check(): Promise<Result<void, ProviderFailure>> {
    const controller = await this.#ask('reach Slurm', 'scontrol', ['ping']);
    if (!controller.ok) return controller;
    return withoutValue(await this.#ask('submit to Slurm', 'sbatch', ['--version']));
  }

  render(count: number): readonly RenderedFile[] {
    return [{ name: 'flac2all-worker.sbatch', content: this.#script(count) }];
  }

  async submit(count: number): Promise<Result<readonly PilotId[], ProviderFailure>> {
    const ids: PilotId[] = [];
    while (ids.length < count) {
      const size = Math.min(MAX_ARRAY, count - ids.length);
      const input = this.#script(size);
      const told = await askEngine(this.#ports.runner, {
        purpose: 'submit pilots to Slurm',
        program: 'sbatch',
        args: ['--parsable'],
        input,
      });
      if (!told.ok) return ids.length > 0 ? ok(ids) : told;
      // `job` or `job;cluster`
      const job = told.value.trim().split(';')[0] ?? '';
      for (let index = 0; index < size; index += 1) ids.push(`${job}_${index}`);
    }
    return ok(ids);
  }

  async list(runs: 'own' | 'all'): Promise<Result<readonly PilotStatus[], ProviderFailure>> {
    const args = ['--noheader', '--me', '--array', '--states=all', '--format=%i|%j|%T|%r'];
    const own = runs === 'own' ? [`--name=${PREFIX}${this.#context.run}`] : [];
    const told = await this.#ask('list the pilots of Slurm', 'squeue', [...args, ...own]);
    return told.ok ? ok(parseQueue(told.value)) : told;
  }

  async status(ids: readonly PilotId[]): ReturnType<Provider['status']> {
    return statusesOf(ids, await this.list('own'), this.#context.run);
  }

  async cancel(
    ids: readonly PilotId[],
    { drain }: { readonly drain: boolean },
  ): Promise<Result<void, ProviderFailure>> {
    if (ids.length === 0) return ok(undefined);
    const scancel = (...flags: readonly string[]): Promise<Result<string, ProviderFailure>> =>
      this.#ask('cancel pilots of Slurm', 'scancel', ['--quiet', ...flags, ...ids]);
    if (!drain) return withoutValue(await scancel());
    const waiting = await scancel('--state=PENDING');
    // To the batch process alone, which is the agent: SIGTERM lets it finish what it has.
    return withoutValue(waiting.ok ? await scancel('--batch', '--signal=TERM') : waiting);
  }

  lastWords(id: PilotId): Promise<string> {
    return readFile(join(this.#context.folder, `${id}.err`), 'utf8').then(
      (text) => text.trim(),
      () => '',
    );
  }

  dispose(): Promise<void> {
    return rm(this.#context.folder, { recursive: true, force: true });
  }

  #script(count: number): string {
    const [settings, context] = [this.#settings, this.#context];
    const jobName = PREFIX + context.run;
    return slurmScript({ settings, context, program: this.#ports.self, jobName, count });
  }

  #ask(
    purpose: string,
    program: string,
    args: readonly string[],
  ): Promise<Result<string, ProviderFailure>> {
    return askEngine(this.#ports.runner, { purpose, program, args });
  }
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
