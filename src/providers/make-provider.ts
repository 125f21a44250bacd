import { unreachable } from '../lib/unreachable.js';
import type { ProviderSettings } from '../manifest/provider-settings.js';
import { kubernetesProvider } from './kubernetes.js';
import { localProvider } from './local.js';
import type { PilotContext, Provider, ProviderPorts } from './provider.js';
import { slurmProvider } from './slurm.js';
import { sshProvider } from './ssh.js';
import { systemdProvider } from './systemd.js';

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
      return sshProvider(settings, context, ports);
    case 'slurm':
      return slurmProvider(settings, context, ports);
    case 'kubernetes':
      return kubernetesProvider(settings, context, ports);
    case 'systemd':
      return systemdProvider(settings, context, ports);
    default:
      return unreachable(settings);
  }
}
