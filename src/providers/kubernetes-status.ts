import type { PilotId, PilotStatus } from './provider.js';
import { RUN_LABEL } from './kubernetes-job.js';

/** What `kubectl get jobs,pods -o json` tells, as far as it is read here. */
export interface ObjectList {
  readonly items: readonly KubernetesObject[];
}

interface KubernetesObject {
  readonly kind: 'Job' | 'Pod';
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec?: { readonly completions?: number };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly completedIndexes?: string;
    readonly failedIndexes?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
  };
}

/** A pilot and the pod that it is in, where there is one. */
export interface PodStatus extends PilotStatus {
  readonly job: string;
  readonly pod: string | undefined;
}

const INDEX = 'batch.kubernetes.io/job-completion-index';
const JOB_LABELS = ['batch.kubernetes.io/job-name', 'job-name'] as const;

/** What `kubectl` printed as statuses: one for each index of each Job. */
export function parseObjects(text: string): readonly PodStatus[] {
  const { items } = JSON.parse(text) as ObjectList;
  const pods = new Map(
    items.flatMap((pod) => {
      const id = pod.kind === 'Pod' ? pilotOf(pod) : undefined;
      return id === undefined ? [] : [[id, pod] as const];
    }),
  );
  return items
    .filter(({ kind }) => kind === 'Job')
    .flatMap((job) =>
      Array.from({ length: job.spec?.completions ?? 0 }, (_, index) => {
        const id = pilotId(job.metadata.name, index);
        return statusOf(job, { id, index, pod: pods.get(id) });
      }),
    );
}

export function pilotId(job: string, index: number): PilotId {
  return `${job}/${index}`;
}

function pilotOf({ metadata }: KubernetesObject): PilotId | undefined {
  const { labels = {}, annotations = {} } = metadata;
  const job = JOB_LABELS.map((label) => labels[label]).find((name) => name !== undefined);
  const index = annotations[INDEX] ?? labels[INDEX];
  return job === undefined || index === undefined ? undefined : pilotId(job, Number(index));
}

function statusOf(
  job: KubernetesObject,
  {
    id,
    index,
    pod,
  }: { readonly id: PilotId; readonly index: number; readonly pod: KubernetesObject | undefined },
): PodStatus {
  const { metadata, status = {} } = job;
  const run = metadata.labels?.[RUN_LABEL] ?? '';
  const known = { id, run, job: metadata.name, pod: pod?.metadata.name };
  const isOver = status.conditions?.some(
    (condition) => /^(?:Complete|Failed)$/.test(condition.type) && condition.status === 'True',
  );
  if (holdsIndex(status.completedIndexes, index)) {
    return { ...known, phase: 'ended', text: 'Succeeded' };
  }
  if (holdsIndex(status.failedIndexes, index) || isOver === true) {
    return { ...known, phase: 'ended', text: podText(pod) ?? 'Failed' };
  }
  const phase = pod?.status?.phase;
  if (phase === 'Succeeded' || phase === 'Failed') {
    return { ...known, phase: 'ended', text: podText(pod) ?? phase };
  }
  const running = phase === 'Running';
  return { ...known, phase: running ? 'running' : 'pending', text: podText(pod) ?? 'no pod yet' };
}

function podText(pod: KubernetesObject | undefined): string | undefined {
  if (pod === undefined) return undefined;
  const { phase, reason, conditions = [] } = pod.status ?? {};
  const waiting = conditions.find(
    ({ type, status }) => type === 'PodScheduled' && status === 'False',
  );
  return [phase, reason ?? waiting?.message ?? waiting?.reason].filter(Boolean).join(': ');
}

/** Whether `0,3-5` holds an index. */
export function holdsIndex(ranges: string | undefined, index: number): boolean {
  return (ranges ?? '').split(',').some((range) => {
    const [first, last = first] = range.split('-');
    return range !== '' && index >= Number(first) && index <= Number(last);
  });
}
