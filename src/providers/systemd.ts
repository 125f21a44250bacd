import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorMessage } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { SystemdSettings } from '../manifest/provider-settings.js';
import { askEngine, statusesOf, withoutValue } from './engine.js';
import type {
  PilotContext,
  PilotId,
  PilotPhase,
  PilotStatus,
  Provider,
  ProviderFailure,
  ProviderPorts,
  RenderedFile,
} from './provider.js';
import { nightlyUnits, workerUnit } from './systemd-unit.js';

const PREFIX = 'flac2all-worker';

/** Pilots as instances of a template unit of this machine's systemd. */
export class SystemdProvider implements Provider {
  readonly name: string;
  readonly #settings: SystemdSettings;
  readonly #context: PilotContext;
  readonly #ports: ProviderPorts;
  /** The unit's name up to the instance. */
  readonly #template: string;

  constructor(settings: SystemdSettings, context: PilotContext, ports: ProviderPorts) {
    this.name = settings.name;
    this.#settings = settings;
    this.#context = context;
    this.#ports = ports;
    this.#template = `${PREFIX}-${context.run}@`;
  }

  async check(): Promise<Result<void, ProviderFailure>> {
    return withoutValue(await this.#systemctl('reach systemd', ['show', '--property=Version']));
  }

  render(): readonly RenderedFile[] {
    const { service, timer } = nightlyUnits({
      settings: this.#settings,
      context: this.#context,
      program: this.#settings.command ?? this.#ports.self,
    });
    return [
      { name: `${PREFIX}@.service`, content: this.#unit(`${PREFIX}@`) },
      { name: 'flac2all-nightly.service', content: service },
      { name: 'flac2all-nightly.timer', content: timer },
    ];
  }

  async submit(count: number): Promise<Result<readonly PilotId[], ProviderFailure>> {
    const written = await this.#writeUnit();
    if (!written.ok) return written;
    const purpose = 'start pilots by systemd';
    const loaded = await this.#systemctl(purpose, ['daemon-reload']);
    if (!loaded.ok) return loaded;
    const ids = Array.from({ length: count }, () => {
      return `${this.#template}${randomBytes(3).toString('hex')}.service`;
    });
    const told = await this.#systemctl(purpose, ['start', '--no-block', ...ids]);
    return told.ok ? ok(ids) : told;
  }

  async list(runs: 'own' | 'all'): Promise<Result<readonly PilotStatus[], ProviderFailure>> {
    const pattern = runs === 'own' ? `${this.#template}*.service` : `${PREFIX}-*@*.service`;
    const args = ['list-units', '--all', '--plain', '--no-legend', '--full', pattern];
    const told = await this.#systemctl('list the pilots of systemd', args);
    return told.ok ? ok(parseUnits(told.value)) : told;
  }

  async status(ids: readonly PilotId[]): ReturnType<Provider['status']> {
    return statusesOf(ids, await this.list('own'), this.#context.run);
  }

  async cancel(
    ids: readonly PilotId[],
    { drain }: { readonly drain: boolean },
  ): Promise<Result<void, ProviderFailure>> {
    const listed = await this.list('all');
    if (!listed.ok) return listed;
    const wanted = new Set(ids);
    const live = listed.value.filter(({ id, phase }) => wanted.has(id) && phase !== 'ended');
    if (live.length === 0) return ok(undefined);
    const units = live.map(({ id }) => id);
    const purpose = 'stop pilots of systemd';
    const told = await this.#systemctl(purpose, ['stop', '--no-block', ...units]);
    if (!told.ok || drain) return withoutValue(told);
    // One that is gone by now cannot be killed, which is well.
    await this.#systemctl(purpose, ['kill', '--signal=SIGKILL', ...units]);
    return ok(undefined);
  }

  async lastWords(id: PilotId): Promise<string> {
    const which = this.#settings.scope === 'user' ? '--user-unit' : '--unit';
    const args = [`${which}=${id}`, '--lines=20', '--output=cat', '--quiet', '--no-pager'];
    const purpose = 'read the journal of a pilot';
    const told = await askEngine(this.#ports.runner, { purpose, program: 'journalctl', args });
    return told.ok ? told.value.trim() : '';
  }

  async dispose(): Promise<void> {
    await rm(this.#unitFile(), { force: true });
    await this.#systemctl('forget the pilots of systemd', ['daemon-reload']);
    await rm(this.#context.folder, { recursive: true, force: true });
  }

  #unit(name: string): string {
    const [settings, context] = [this.#settings, this.#context];
    return workerUnit({ settings, context, program: this.#ports.self, name });
  }

  /** In a folder whose units are gone after the next start of the machine. */
  #unitFile(): string {
    return join(this.#ports.unitFolder(this.#settings.scope), `${this.#template}.service`);
  }

  async #writeUnit(): Promise<Result<void, ProviderFailure>> {
    const file = this.#unitFile();
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, this.#unit(this.#template));
      return ok(undefined);
    } catch (error) {
      const message = `cannot write the unit ${file}: ${errorMessage(error)}`;
      return err({ code: 'PROVIDER_FAILED', message, cause: error });
    }
  }

  #systemctl(purpose: string, args: readonly string[]): Promise<Result<string, ProviderFailure>> {
    const scoped = [`--${this.#settings.scope}`, ...args];
    return askEngine(this.#ports.runner, { purpose, program: 'systemctl', args: scoped });
  }
}

/** Where units are put that last until the machine is started again. */
export function runtimeUnitFolder(scope: SystemdSettings['scope']): string {
  if (scope === 'system') return '/run/systemd/system';
  const runtime = process.env['XDG_RUNTIME_DIR'] ?? `/run/user/${process.getuid?.() ?? 0}`;
  return join(runtime, 'systemd/user');
}

const PHASES: Readonly<Record<string, PilotPhase>> = {
  active: 'running',
  reloading: 'running',
  deactivating: 'running',
  activating: 'pending',
};

/** Lines of `systemctl list-units --plain`: unit, load, active, sub, description. */
function parseUnits(text: string): readonly PilotStatus[] {
  return text.split('\n').flatMap((line) => {
    const [id = '', , active = '', sub = ''] = line.trim().split(/\s+/);
    const run = /^flac2all-worker-(\w+)@\w+\.service$/.exec(id)?.[1];
    if (run === undefined) return [];
    return [{ id, run, phase: PHASES[active] ?? 'ended', text: `${active} (${sub})` }];
  });
}
