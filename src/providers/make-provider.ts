import { unreachable } from '../lib/unreachable.js';
import type { ProviderSettings } from '../manifest/provider-settings.js';
import { KubernetesProvider } from './kubernetes.js';
import { localProvider } from './local.js';
import type { PilotContext, Provider, ProviderPorts } from './provider.js';
import { SlurmProvider } from './slurm.js';
import { SshProvider } from './ssh.js';
import { SystemdProvider } from './systemd.js';

/** The engine that settings name, for the pilots of one run. */
export function makeProvider(
  settings: ProviderSettings,
  context: PilotContext,
  ports: ProviderPorts,
): Provider {
  switch (settings.type) {
    case 'local':
      return localProvider(settings, context, ports);
    case 'ssh':
      return new SshProvider(settings, context, ports);
    case 'slurm':
      return new SlurmProvider(settings, context, ports);
    case 'kubernetes':
      return new KubernetesProvider(settings, context, ports);
    case 'systemd':
      return new SystemdProvider(settings, context, ports);
    default:
      return unreachable(settings);
  }
}
