import { ok } from '../lib/result.js';
import type { LocalSettings } from '../manifest/provider-settings.js';
import { ChannelPilots } from './channel-pilots.js';
import { toCommand } from './command-runner.js';
import type { PilotContext, Provider, ProviderPorts } from './provider.js';
import { renderCommand, workerCommand } from './worker-command.js';

/** Pilots as processes of this machine, which end with this one. */
export function localProvider(
  settings: LocalSettings,
  context: PilotContext,
  { runner, self }: ProviderPorts,
): Provider {
  const pilots = new ChannelPilots(context, runner);
  const words = workerCommand({ context, settings, program: self, keyFile: '-' });
  let started = 0;
  return {
    name: settings.name,
    check: () => Promise.resolve(ok(undefined)),
    render: (count) => [
      { name: 'local.sh', content: renderCommand([...words, '--started-by-master'], count) },
    ],
    submit(count) {
      const ids = Array.from({ length: count }, () => `local-${context.run}-${(started += 1)}`);
      for (const id of ids) {
        const command = toCommand([...words, '--pilot', id, '--started-by-master']);
        pilots.start({ id, command });
      }
      return Promise.resolve(ok(ids));
    },
    list: () => pilots.list(),
    status: (ids) => pilots.status(ids),
    cancel: (ids, options) => pilots.cancel(ids, options),
    lastWords: (id) => pilots.lastWords(id),
    dispose: () => Promise.resolve(),
  };
}
