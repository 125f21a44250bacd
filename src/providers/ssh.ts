import type { Result } from '../lib/result.js';
import { ok } from '../lib/result.js';
import { shellQuote } from '../lib/shell-quote.js';
import type { SshSettings } from '../manifest/provider-settings.js';
import { ChannelPilots } from './channel-pilots.js';
import { toCommand } from './command-runner.js';
import { askEngine } from './engine.js';
import type {
  PilotContext,
  PilotId,
  Provider,
  ProviderFailure,
  ProviderPorts,
  RenderedFile,
} from './provider.js';
import { renderCommand, workerCommand } from './worker-command.js';

/**
 * One pilot on each host, behind a connection of its own. No question is ever asked (BatchMode), a
 * dead network ends the connection after a minute, and no shared connection outlives the pilot.
 */
const OPTIONS = [
  '-T',
  '-x',
  '-a',
  '-o',
  'BatchMode=yes',
  '-o',
  'ConnectTimeout=15',
  '-o',
  'ServerAliveInterval=15',
  '-o',
  'ServerAliveCountMax=4',
  '-o',
  'ControlPath=none',
  '-o',
  'ClearAllForwardings=yes',
] as const;

/** Where flac2all is on other machines, unless the manifest says otherwise. */
const PROGRAM = ['flac2all'];

interface Host {
  readonly name: string;
  /** Pilots that it has had. */
  uses: number;
  pilot: PilotId | undefined;
}

/** Pilots on other machines, by ssh; the end of a connection is the end of its pilot. */
export class SshProvider implements Provider {
  readonly name: string;
  readonly #settings: SshSettings;
  readonly #run: string;
  readonly #ports: ProviderPorts;
  readonly #pilots: ChannelPilots;
  readonly #words: readonly string[];
  readonly #hosts: readonly Host[];
  #started = 0;

  constructor(settings: SshSettings, context: PilotContext, ports: ProviderPorts) {
    this.name = settings.name;
    this.#settings = settings;
    this.#run = context.run;
    this.#ports = ports;
    this.#pilots = new ChannelPilots(context, ports.runner);
    this.#words = workerCommand({ context, settings, program: PROGRAM, keyFile: '-' });
    this.#hosts = settings.hosts.map((name) => ({ name, uses: 0, pilot: undefined }));
  }

  async check(): Promise<Result<void, ProviderFailure>> {
    const { command = PROGRAM, hosts } = this.#settings;
    const asked = hosts.map((host) => {
      const purpose = `run flac2all on ${host} by ssh`;
      const ssh = toCommand(this.#sshWords(host, [...command, '--version']));
      return askEngine(this.#ports.runner, { purpose, ...ssh });
    });
    const answers = await Promise.all(asked);
    // A host that is off today is no reason to leave the others idle.
    const refusal = answers.some(({ ok: reached }) => reached) ? undefined : answers[0];
    return refusal?.ok === false ? refusal : ok(undefined);
  }

  render(count: number): readonly RenderedFile[] {
    const lines = this.#settings.hosts
      .slice(0, count)
      .map((host) => renderCommand(this.#sshWords(host, this.#worker()), 1));
    return [{ name: 'ssh.sh', content: lines.join('') }];
  }

  submit(count: number): Promise<Result<readonly PilotId[], ProviderFailure>> {
    const ids = this.#freeHosts()
      .slice(0, count)
      .map((host) => {
        const id = `ssh-${this.#run}-${(this.#started += 1)}`;
        const command = toCommand(this.#sshWords(host.name, this.#worker(id)));
        this.#pilots.start({ id, command });
        Object.assign(host, { uses: host.uses + 1, pilot: id });
        return id;
      });
    return Promise.resolve(ok(ids));
  }

  list(): ReturnType<Provider['list']> {
    return this.#pilots.list();
  }

  status(ids: readonly PilotId[]): ReturnType<Provider['status']> {
    return this.#pilots.status(ids);
  }

  cancel(
    ids: readonly PilotId[],
    options: { readonly drain: boolean },
  ): ReturnType<Provider['cancel']> {
    return this.#pilots.cancel(ids, options);
  }

  lastWords(id: PilotId): Promise<string> {
    return this.#pilots.lastWords(id);
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }

  /** Those without a pilot; after a death the others are tried first. */
  #freeHosts(): readonly Host[] {
    const live = new Set(this.#pilots.live());
    return this.#hosts
      .filter(({ pilot }) => pilot === undefined || !live.has(pilot))
      .toSorted((a, b) => a.uses - b.uses);
  }

  #worker(id?: PilotId): readonly string[] {
    const name = id === undefined ? [] : ['--pilot', id];
    return [...this.#words, ...name, '--started-by-master'];
  }

  /** The remote shell gets one line: every word quoted, and itself replaced by the worker. */
  #sshWords(host: string, words: readonly string[]): readonly string[] {
    const { identity, options } = this.#settings;
    const key = identity === undefined ? [] : ['-i', identity, '-o', 'IdentitiesOnly=yes'];
    const line = `exec ${words.map(shellQuote).join(' ')}`;
    return ['ssh', ...OPTIONS, ...key, ...options, '--', host, line];
  }
}
