import { ok } from '../lib/result.js';
import { shellQuote } from '../lib/shell-quote.js';
import type { SshSettings } from '../manifest/provider-settings.js';
import { ChannelPilots } from './channel-pilots.js';
import { askEngine } from './engine.js';
import type { PilotContext, PilotId, Provider, ProviderPorts } from './provider.js';
import { renderCommand, workerCommand } from './worker-command.js';

/**
 * One pilot on each host, behind a connection of its own. No question is ever asked (BatchMode), a
 * dead network ends the connection after a minute, and no shared connection outlives the pilot.
 */
const OPTIONS = [
  '-T',
  '-x',
  '-a',
  ...['-o', 'BatchMode=yes'],
  ...['-o', 'ConnectTimeout=15'],
  ...['-o', 'ServerAliveInterval=15'],
  ...['-o', 'ServerAliveCountMax=4'],
  ...['-o', 'ControlPath=none'],
  ...['-o', 'ClearAllForwardings=yes'],
] as const;

const CHECK_MS = 30_000;

/** Pilots on other machines, by ssh; the end of a connection is the end of its pilot. */
export function sshProvider(
  settings: SshSettings,
  context: PilotContext,
  { runner }: ProviderPorts,
): Provider {
  const { hosts } = settings;
  const pilots = new ChannelPilots(context, runner);
  const words = workerCommand({ context, settings, program: ['flac2all'], keyFile: '-' });
  let started = 0;
  /** The host has had fewer pilots than all others: after a death another host is tried first. */
  const used = new Map<string, { uses: number; id: PilotId | undefined }>(
    hosts.map((host) => [host, { uses: 0, id: undefined }]),
  );
  const freeHosts = (): readonly string[] => {
    const live = new Set(pilots.live());
    return [...used]
      .filter(([, { id }]) => id === undefined || !live.has(id))
      .toSorted(([, a], [, b]) => a.uses - b.uses)
      .map(([host]) => host);
  };
  return {
    name: settings.name,
    async check() {
      for (const host of hosts) {
        const [program = '', ...args] = sshCommand(settings, host, [
          ...(settings.command ?? ['flac2all']),
          '--version',
        ]);
        const purpose = `reach ${host} by ssh and run flac2all there`;
        const told = await askEngine(runner, { purpose, program, args, timeoutMs: CHECK_MS });
        if (!told.ok) return told;
      }
      return ok(undefined);
    },
    render: (count) => [
      {
        name: 'ssh.sh',
        content: hosts
          .slice(0, count)
          .map((host) =>
            renderCommand(sshCommand(settings, host, [...words, '--started-by-master']), 1),
          )
          .join(''),
      },
    ],
    submit(count) {
      const ids = freeHosts()
        .slice(0, count)
        .map((host) => {
          const id = `ssh-${context.run}-${(started += 1)}`;
          const worker = [...words, '--pilot', id, '--started-by-master'];
          const [program = '', ...args] = sshCommand(settings, host, worker);
          pilots.start({ id, command: { program, args } });
          used.set(host, { uses: (used.get(host)?.uses ?? 0) + 1, id });
          return id;
        });
      return Promise.resolve(ok(ids));
    },
    list: () => pilots.list(),
    status: (ids) => pilots.status(ids),
    cancel: (ids, options) => pilots.cancel(ids, options),
    lastWords: (id) => pilots.lastWords(id),
    dispose: () => Promise.resolve(),
  };
}

/** The remote shell gets one line: every word quoted, and itself replaced by the worker. */
function sshCommand(
  { identity, options }: SshSettings,
  host: string,
  words: readonly string[],
): readonly string[] {
  const key = identity === undefined ? [] : ['-i', identity, '-o', 'IdentitiesOnly=yes'];
  return [
    'ssh',
    ...OPTIONS,
    ...key,
    ...options,
    '--',
    host,
    `exec ${words.map(shellQuote).join(' ')}`,
  ];
}
