import { randomBytes } from 'node:crypto';
import type { Result } from '../lib/result.js';
import { ok } from '../lib/result.js';
import type { KubernetesSettings } from '../manifest/provider-settings.js';
import { askEngine, statusesOf, withoutValue } from './engine.js';
import { APP_LABEL, pilotJob, pilotSecret, RUN_LABEL } from './kubernetes-job.js';
import { parseObjects, pilotId } from './kubernetes-status.js';
import type { PodStatus } from './kubernetes-status.js';
import type {
  PilotContext,
  PilotId,
  Provider,
  ProviderFailure,
  ProviderPorts,
  RenderedFile,
} from './provider.js';

/** Pilots as pods of Indexed Jobs, by `kubectl`. Keys go to it through standard input. */
export class KubernetesProvider implements Provider {
  readonly name: string;
  readonly #settings: KubernetesSettings;
  readonly #context: PilotContext;
  readonly #ports: ProviderPorts;

  constructor(settings: KubernetesSettings, context: PilotContext, ports: ProviderPorts) {
    this.name = settings.name;
    this.#settings = settings;
    this.#context = context;
    this.#ports = ports;
  }

  async check(): Promise<Result<void, ProviderFailure>> {
    const may = ['auth', 'can-i', 'create', 'jobs.batch'];
    return withoutValue(await this.#kubectl('create Jobs in Kubernetes', may));
  }

  render(count: number): readonly RenderedFile[] {
    const content = `${JSON.stringify(this.#job(this.#jobName('render'), count), undefined, 2)}\n`;
    return [{ name: 'flac2all-worker.job.json', content }];
  }

  async submit(count: number): Promise<Result<readonly PilotId[], ProviderFailure>> {
    const name = this.#jobName(randomBytes(3).toString('hex'));
    const job = JSON.stringify(this.#job(name, count));
    const create = ['create', '--filename=-', '--output=json'];
    const made = await this.#kubectl('create a Job of pilots in Kubernetes', create, job);
    if (!made.ok) return made;
    const kept = await this.#createSecret(name, uidOf(made.value));
    if (kept.ok) return ok(Array.from({ length: count }, (_, index) => pilotId(name, index)));
    // Its pods would wait for the Secret for ever.
    await this.#kubectl('delete a Job of pilots', deletion('job', [name]));
    return kept;
  }

  list(runs: 'own' | 'all'): ReturnType<Provider['list']> {
    return this.#pods(runs);
  }

  async status(ids: readonly PilotId[]): ReturnType<Provider['status']> {
    return statusesOf(ids, await this.#pods('own'), this.#context.run);
  }

  async cancel(
    ids: readonly PilotId[],
    { drain }: { readonly drain: boolean },
  ): Promise<Result<void, ProviderFailure>> {
    if (ids.length === 0) return ok(undefined);
    const listed = await this.#pods('all');
    if (!listed.ok) return listed;
    const { jobs, podNames } = toDelete(listed.value, new Set(ids));
    const now = drain ? [] : ['--grace-period=1'];
    for (const args of [
      ...(podNames.length === 0 ? [] : [[...deletion('pod', podNames), ...now]]),
      ...(jobs.length === 0 ? [] : [[...deletion('job', jobs), '--cascade=background']]),
    ]) {
      const told = await this.#kubectl('delete pilots of Kubernetes', args);
      if (!told.ok) return told;
    }
    return ok(undefined);
  }

  async lastWords(id: PilotId): Promise<string> {
    const listed = await this.#pods('own');
    const pod = listed.ok ? listed.value.find((status) => status.id === id)?.pod : undefined;
    if (pod === undefined) return '';
    const told = await this.#kubectl('read the log of a pilot', ['logs', pod, '--tail=20']);
    return told.ok ? told.value.trim() : '';
  }

  async dispose(): Promise<void> {
    await this.#kubectl('delete the Jobs of the run', [
      'delete',
      'jobs,secrets',
      this.#selector('own'),
      '--wait=false',
      '--ignore-not-found',
      '--cascade=background',
    ]);
  }

  #job(name: string, count: number): ReturnType<typeof pilotJob> {
    return pilotJob({ settings: this.#settings, context: this.#context, name, count });
  }

  #jobName(suffix: string): string {
    return `flac2all-${this.#context.run}-${suffix}`;
  }

  #selector(runs: 'own' | 'all'): string {
    const own = runs === 'own' ? `,${RUN_LABEL}=${this.#context.run}` : '';
    return `--selector=${APP_LABEL}${own}`;
  }

  async #createSecret(name: string, owner: string): Promise<Result<void, ProviderFailure>> {
    const { key, run } = this.#context;
    if (key.kind !== 'key') return ok(undefined);
    const secret = JSON.stringify(pilotSecret({ key: key.key, name, run, owner }));
    const purpose = 'create the Secret of the pilots in Kubernetes';
    const create = ['create', '--filename=-', '--output=name'];
    return withoutValue(await this.#kubectl(purpose, create, secret));
  }

  async #pods(runs: 'own' | 'all'): Promise<Result<readonly PodStatus[], ProviderFailure>> {
    const args = ['get', 'jobs,pods', this.#selector(runs), '--output=json'];
    const told = await this.#kubectl('list the pilots of Kubernetes', args);
    return told.ok ? ok(parseObjects(told.value)) : told;
  }

  #kubectl(
    purpose: string,
    args: readonly string[],
    input?: string,
  ): Promise<Result<string, ProviderFailure>> {
    const { context, namespace } = this.#settings;
    const target = [
      ...(context === undefined ? [] : [`--context=${context}`]),
      ...(namespace === undefined ? [] : [`--namespace=${namespace}`]),
      '--request-timeout=20s',
    ];
    const { runner } = this.#ports;
    return askEngine(runner, { purpose, program: 'kubectl', args: [...target, ...args], input });
  }
}

function deletion(kind: string, names: readonly string[]): readonly string[] {
  return ['delete', kind, ...names, '--wait=false', '--ignore-not-found'];
}

function uidOf(text: string): string {
  return (JSON.parse(text) as { readonly metadata: { readonly uid: string } }).metadata.uid;
}

/** A Job of which nothing is left goes as a whole: it makes no pod any more. */
function toDelete(
  listed: readonly PodStatus[],
  ids: ReadonlySet<string>,
): { readonly jobs: readonly string[]; readonly podNames: readonly string[] } {
  const live = listed.filter(({ phase }) => phase !== 'ended');
  const kept = new Set(live.filter(({ id }) => !ids.has(id)).map(({ job }) => job));
  const cancelled = live.filter(({ id }) => ids.has(id));
  return {
    jobs: [...new Set(cancelled.map(({ job }) => job))].filter((job) => !kept.has(job)),
    podNames: cancelled.flatMap(({ pod }) => (pod === undefined ? [] : [pod])),
  };
}
