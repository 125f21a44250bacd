import { unreachable } from '../lib/unreachable.js';
import { expandPath } from './expand-path.js';
import type { PathBase } from './expand-path.js';
import type { Cluster, Provider } from './manifest-file.gen.js';
import { below, failureIn } from './place.js';
import type { Place } from './place.js';
import type { PilotSettings, ProviderSettings } from './provider-settings.js';
import type { Report } from './resolve-sources.js';
import { parseDuration } from './units.js';

/** Fills in the defaults of all providers, and reports what does not fit together. */
export function resolveProviders(
  cluster: Cluster,
  root: Place,
  { base, report }: { readonly base: PathBase; readonly report: Report },
): readonly ProviderSettings[] {
  const names = new Set<string>();
  return (cluster.providers ?? []).map((written, index) => {
    const place = below(root, 'cluster', 'providers', index);
    const settings = resolveProvider(written, place, { base, report });
    const { name, min, max } = settings;
    if (names.has(name)) {
      const message = `two providers are called "${name}"`;
      report(
        failureIn(below(place, written.name === undefined ? 'type' : 'name'), {
          code: 'MANIFEST_BAD_VALUE',
          message,
          hint: 'give each a "name" of its own',
        }),
      );
    }
    names.add(name);
    if (min > max) {
      const message = `provider "${name}" has a min of ${min}, above its max of ${max}`;
      const hint = 'max counts all workers of the provider, min among them';
      report(failureIn(below(place, 'min'), { code: 'MANIFEST_BAD_VALUE', message, hint }));
    }
    return settings;
  });
}

function resolveProvider(
  written: Provider,
  place: Place,
  { base, report }: { readonly base: PathBase; readonly report: Report },
): ProviderSettings {
  const common = commonSettings(written);
  const slots = typeof written.slots === 'number' ? written.slots : 'auto';
  switch (written.type) {
    case 'local':
      return { ...common, type: written.type, slots };
    case 'ssh': {
      const { type, hosts, identity, options = [] } = written;
      const max = written.max ?? hosts.length;
      const file = identity === undefined ? undefined : expandPath(identity, base);
      if (file?.ok === false) report(failureIn(below(place, 'identity'), file.error));
      const path = file?.ok === true ? file.value : undefined;
      return { ...common, type, slots, max, hosts, identity: path, options };
    }
    case 'slurm': {
      const { type, slots: cpus = 4, partition, account, memory, options = [] } = written;
      return { ...common, type, slots: cpus, partition, account, memory, options };
    }
    case 'kubernetes': {
      const { type, image, volumes, namespace, context, memory } = written;
      const { slots: cpus = 4, user = 1000, group = 1000, nodeSelector = {} } = written;
      const engine = { image, volumes, namespace, context, memory, user, group, nodeSelector };
      const graceMs = parseDuration(written.grace ?? '10m');
      return { ...common, type, slots: cpus, ...engine, graceMs };
    }
    case 'systemd': {
      const { type, scope = 'user', user } = written;
      return {
        ...common,
        type,
        slots,
        scope,
        user,
        graceMs: parseDuration(written.grace ?? '10m'),
      };
    }
    default:
      return unreachable(written);
  }
}

function commonSettings(written: Provider): Omit<PilotSettings, 'slots'> {
  const { type, name = type, min = 0, max = Math.max(1, min), lifetime, command } = written;
  return {
    name,
    min,
    max,
    lifetimeMs: lifetime === undefined ? undefined : parseDuration(lifetime),
    orphanMs: parseDuration(written.orphanAfter ?? '2m'),
    command,
  };
}
