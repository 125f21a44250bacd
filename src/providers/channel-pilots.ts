import { DRAIN_LINE } from '../cluster/agent-signals.js';
import { keyText } from '../cluster/key-file.js';
import { ok } from '../lib/result.js';
import type { Channel, ChannelCommand, CommandRunner } from './command-runner.js';
import { statusesOf } from './engine.js';
import type { PilotContext, PilotId, PilotStatus, Provider } from './provider.js';

/** How a pilot behind a channel is started. */
export interface ChannelStart {
  readonly id: PilotId;
  readonly command: ChannelCommand;
}

interface ChannelPilot {
  readonly channel: Channel;
  status: PilotStatus;
  stderr: string;
}

/** Enough for the last words of those that died lately. */
const KEPT = 100;
/** How long a pilot may take to clean up when its channel closes. */
const CLOSE_MS = 5000;

/** Pilots that are child processes of this one: they live as long as their standard input is open. */
export class ChannelPilots {
  readonly #pilots = new Map<PilotId, ChannelPilot>();
  readonly #context: Pick<PilotContext, 'run' | 'key'>;
  readonly #runner: CommandRunner;

  constructor(context: Pick<PilotContext, 'run' | 'key'>, runner: CommandRunner) {
    this.#context = context;
    this.#runner = runner;
  }

  /** Starts a pilot; its key goes down its standard input, as one line. */
  start({ id, command }: ChannelStart): void {
    const { key, run } = this.#context;
    const channel = this.#runner.open(command);
    if (key.kind === 'key') channel.write(`${keyText(key.key)}\n`);
    const status = { id, run, phase: 'running', text: 'connected' } as const;
    const pilot: ChannelPilot = { channel, status, stderr: '' };
    this.#pilots.set(id, pilot);
    void channel.ended.then(({ death, stderrTail }) => {
      pilot.stderr = stderrTail;
      pilot.status = { ...status, phase: 'ended', text: death ?? 'ended well' };
      this.#forgetOld();
    });
  }

  /** Pilots that have not ended. */
  live(): readonly PilotId[] {
    return this.#statuses().flatMap(({ id, phase }) => (phase === 'ended' ? [] : [id]));
  }

  list(): ReturnType<Provider['list']> {
    return Promise.resolve(ok(this.#statuses()));
  }

  status(ids: readonly PilotId[]): ReturnType<Provider['status']> {
    return Promise.resolve(statusesOf(ids, ok(this.#statuses()), this.#context.run));
  }

  /** Resolves without waiting for those that drain; the others are gone then. */
  async cancel(
    ids: readonly PilotId[],
    { drain }: { readonly drain: boolean },
  ): ReturnType<Provider['cancel']> {
    const ending = ids.map(async (id) => {
      const channel = this.#pilots.get(id)?.channel;
      if (channel === undefined) return;
      if (drain) channel.write(DRAIN_LINE);
      else await endChannel(channel);
    });
    await Promise.all(ending);
    return ok(undefined);
  }

  lastWords(id: PilotId): Promise<string> {
    return Promise.resolve(this.#pilots.get(id)?.stderr ?? '');
  }

  #statuses(): readonly PilotStatus[] {
    return [...this.#pilots.values()].map(({ status }) => status);
  }

  #forgetOld(): void {
    for (const [id, { status }] of this.#pilots) {
      if (this.#pilots.size <= KEPT) return;
      if (status.phase === 'ended') this.#pilots.delete(id);
    }
  }
}

async function endChannel(channel: Channel): Promise<void> {
  channel.close();
  const timer = setTimeout(() => channel.kill(), CLOSE_MS);
  await channel.ended;
  clearTimeout(timer);
}
