import { keyText } from '../cluster/key-file.js';
import type { ClusterKey } from '../cluster/key-file.js';
import type { JsonObject } from '../lib/json.js';
import type { KubernetesSettings } from '../manifest/provider-settings.js';
import type { PilotContext } from './provider.js';
import { workerCommand } from './worker-command.js';

/** Labels by which pilots are found again. */
export const APP_LABEL = 'app.kubernetes.io/name=flac2all-worker';
export const RUN_LABEL = 'flac2all/run';

/** Where the Secret is mounted, and the key's name in it. */
const KEY_FOLDER = '/run/flac2all';
const KEY_NAME = 'cluster.key';
/** Beyond the drain, before the node kills what is left. */
const GRACE_MARGIN_S = 30;
/** A Job that is over is kept so long, for `kubectl logs`. */
const KEPT_S = 600;

export interface PilotJob {
  readonly settings: KubernetesSettings;
  readonly context: PilotContext;
  /** Also the name of its Secret. */
  readonly name: string;
  readonly count: number;
}

/**
 * An Indexed Job of pilots. A pod that ends is never replaced (backoffLimitPerIndex 0): whoever
 * submitted it decides what becomes of the work that is left, and deleting a pod cancels its pilot.
 */
export function pilotJob({ settings, context, name, count }: PilotJob): JsonObject {
  const { lifetimeMs, graceMs } = settings;
  const labels = jobLabels(context.run);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, labels },
    spec: {
      completionMode: 'Indexed',
      completions: count,
      parallelism: count,
      backoffLimitPerIndex: 0,
      ttlSecondsAfterFinished: KEPT_S,
      ...(lifetimeMs === undefined
        ? {}
        : { activeDeadlineSeconds: toSeconds(lifetimeMs + graceMs) }),
      template: { metadata: { labels }, spec: podSpec({ settings, context, name, count }) },
    },
  };
}

function podSpec({ settings, context, name }: PilotJob): JsonObject {
  const { volumes, user, group, graceMs, nodeSelector } = settings;
  const hasKey = context.key.kind === 'key';
  return {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: toSeconds(graceMs) + GRACE_MARGIN_S,
    ...(Object.keys(nodeSelector).length === 0 ? {} : { nodeSelector: { ...nodeSelector } }),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: group,
      // The Secret's file belongs to root and this group; the volumes keep their owners.
      fsGroup: group,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [container({ settings, context, name, count: 1 })],
    volumes: [
      ...volumes.map(({ claim }, index) => ({
        name: `music-${index}`,
        persistentVolumeClaim: { claimName: claim },
      })),
      { name: 'tmp', emptyDir: {} },
      ...(hasKey ? [{ name: 'key', secret: { secretName: name, defaultMode: 0o440 } }] : []),
    ],
  };
}

function container({ settings, context, name }: PilotJob): JsonObject {
  const { slots, memory, image, volumes } = settings;
  const keyFile = `${KEY_FOLDER}/${KEY_NAME}`;
  const [program = '', ...args] = workerCommand({
    context,
    settings,
    program: ['flac2all'],
    keyFile,
  });
  const size = { cpu: String(slots), ...(memory === undefined ? {} : { memory }) };
  const limits = memory === undefined ? {} : { limits: { memory } };
  return {
    name: 'worker',
    image,
    command: [program],
    args: [...args, '--pilot', `${name}/$(JOB_COMPLETION_INDEX)`],
    terminationMessagePolicy: 'FallbackToLogsOnError',
    resources: { requests: size, ...limits },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      ...volumes.map(({ path }, index) => ({ name: `music-${index}`, mountPath: path })),
      { name: 'tmp', mountPath: '/tmp' },
      ...(context.key.kind === 'key'
        ? [{ name: 'key', mountPath: KEY_FOLDER, readOnly: true }]
        : []),
    ],
  };
}

/** The key of a Job's pilots; goes with the Job when that is deleted. */
export function pilotSecret({
  key,
  name,
  run,
  owner,
}: {
  readonly key: ClusterKey;
  readonly name: string;
  readonly run: string;
  /** The Job's uid. */
  readonly owner: string;
}): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      labels: jobLabels(run),
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name, uid: owner }],
    },
    type: 'Opaque',
    immutable: true,
    stringData: { [KEY_NAME]: keyText(key) },
  };
}

function jobLabels(run: string): JsonObject {
  const [name = '', value = ''] = APP_LABEL.split('=');
  return { [name]: value, [RUN_LABEL]: run };
}

function toSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
