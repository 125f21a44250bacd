import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { KubernetesSettings } from '../manifest/provider-settings.js';
import { askEngine, statusesOf } from './engine.js';
import { APP_LABEL, pilotJob, pilotSecret, RUN_LABEL } from './kubernetes-job.js';
import { parseObjects, pilotId } from './kubernetes-status.js';
import type { PodStatus } from './kubernetes-status.js';
import type { PilotContext, Provider, ProviderFailure, ProviderPorts } from './provider.js';

/** Pilots as pods of Indexed Jobs, by `kubectl`. Keys go to it through standard input. */
export function kubernetesProvider(
  settings: KubernetesSettings,
  context: PilotContext,
  { runner }: ProviderPorts,
): Provider {
  const { run, key } = context;
  let submitted = 0;
  const kubectl = (
    purpose: string,
    args: readonly string[],
    input?: string,
  ): Promise<Result<string, ProviderFailure>> =>
    askEngine(runner, {
      purpose,
      program: 'kubectl',
      args: [...target(settings), ...args],
      ...(input === undefined ? {} : { input }),
    });
  const pods = async (
    runs: 'own' | 'all',
  ): Promise<Result<readonly PodStatus[], ProviderFailure>> => {
    const selector = runs === 'own' ? `${APP_LABEL},${RUN_LABEL}=${run}` : APP_LABEL;
    const args = ['get', 'jobs,pods', `--selector=${selector}`, '--output=json'];
    const told = await kubectl('list the pilots of Kubernetes', args);
    return told.ok ? ok(parseObjects(told.value)) : told;
  };
  return {
    name: settings.name,
    async check() {
      const may = ['auth', 'can-i', 'create', 'jobs.batch'];
      const told = await kubectl('create Jobs in Kubernetes', may);
      return told.ok ? ok(undefined) : told;
    },
    render: (count) => {
      const name = `flac2all-${run}-1`;
      const content = JSON.stringify(pilotJob({ settings, context, name, count }), undefined, 2);
      return [{ name: 'flac2all-worker.job.json', content: `${content}\n` }];
    },
    async submit(count) {
      submitted += 1;
      const name = `flac2all-${run}-${submitted}`;
      const job = JSON.stringify(pilotJob({ settings, context, name, count }));
      const create = ['create', '--filename=-', '--output=json'];
      const made = await kubectl('create a Job of pilots in Kubernetes', create, job);
      if (!made.ok) return made;
      if (key.kind === 'key') {
        const owner = uidOf(made.value);
        const secret = JSON.stringify(pilotSecret({ key: key.key, name, run, owner }));
        const purpose = 'create the Secret of the pilots in Kubernetes';
        const kept = await kubectl(purpose, ['create', '--filename=-', '--output=name'], secret);
        if (!kept.ok) {
          // Its pods would wait for the Secret for ever.
          await kubectl('delete a Job of pilots', deletion('job', [name]));
          return err(kept.error);
        }
      }
      return ok(Array.from({ length: count }, (_, index) => pilotId(name, index)));
    },
    list: pods,
    async status(ids) {
      const listed = await pods('own');
      return listed.ok ? ok(statusesOf(ids, listed.value, run)) : listed;
    },
    async cancel(ids, { drain }) {
      if (ids.length === 0) return ok(undefined);
      const listed = await pods('all');
      if (!listed.ok) return listed;
      const { jobs, podNames } = toDelete(listed.value, new Set(ids));
      const purpose = 'delete pilots of Kubernetes';
      const now = drain ? [] : ['--grace-period=1'];
      for (const args of [
        ...(podNames.length === 0 ? [] : [[...deletion('pod', podNames), ...now]]),
        ...(jobs.length === 0 ? [] : [[...deletion('job', jobs), '--cascade=background']]),
      ]) {
        const told = await kubectl(purpose, args);
        if (!told.ok) return told;
      }
      return ok(undefined);
    },
    async lastWords(id) {
      const listed = await pods('own');
      const pod = listed.ok ? listed.value.find((status) => status.id === id)?.pod : undefined;
      if (pod === undefined) return '';
      const told = await kubectl('read the log of a pilot', ['logs', pod, '--tail=20']);
      return told.ok ? told.value.trim() : '';
    },
    async dispose() {
      const selector = `--selector=${APP_LABEL},${RUN_LABEL}=${run}`;
      await kubectl('delete the Jobs of the run', [
        ...['delete', 'jobs,secrets', selector],
        ...['--wait=false', '--ignore-not-found', '--cascade=background'],
      ]);
    },
  };
}

function target({ namespace, context }: KubernetesSettings): readonly string[] {
  return [
    ...(context === undefined ? [] : [`--context=${context}`]),
    ...(namespace === undefined ? [] : [`--namespace=${namespace}`]),
    '--request-timeout=20s',
  ];
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
