import type { ProviderSettings } from '#src/manifest/provider-settings.js';

const common = { min: 0, max: 4, orphanMs: 120_000, lifetimeMs: 14_400_000 } as const;

/** One of each kind, with all that can be set. */
export const providerSettings: readonly ProviderSettings[] = [
  { ...common, type: 'local', name: 'local', slots: 2 },
  {
    ...common,
    type: 'ssh',
    name: 'ssh',
    slots: 'auto',
    hosts: ['attic', 'me@cellar'],
    identity: "/home/me/.ssh/flac2all's key",
    options: ['-p', '2222'],
    command: ['/opt/flac2all/bin/flac2all'],
  },
  {
    ...common,
    type: 'slurm',
    name: 'slurm',
    slots: 8,
    partition: 'night',
    account: 'music',
    memory: '4G',
    options: ['--constraint=avx2'],
  },
  {
    ...common,
    type: 'kubernetes',
    name: 'kubernetes',
    slots: 8,
    image: 'registry.example/flac2all:1',
    volumes: [{ claim: 'music', path: '/srv/music' }],
    namespace: 'music',
    context: 'home',
    memory: '2Gi',
    user: 1000,
    group: 1000,
    graceMs: 600_000,
    nodeSelector: { 'kubernetes.io/arch': 'amd64' },
  },
  {
    ...common,
    type: 'systemd',
    name: 'systemd',
    slots: 4,
    scope: 'system',
    user: 'music',
    graceMs: 600_000,
  },
];
