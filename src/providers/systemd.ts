import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { SystemdSettings } from '../manifest/provider-settings.js';
import { askEngine, statusesOf } from './engine.js';
import type {
  PilotContext,
  PilotId,
  PilotPhase,
  PilotStatus,
  Provider,
  ProviderFailure,
  ProviderPorts,
} from './provider.js';
import { nightlyUnits, workerUnit } from './systemd-unit.js';

const PREFIX = 'flac2all-worker';

/** Pilots as instances of a template unit of this machine's systemd. */
export function systemdProvider(
  settings: SystemdSettings,
  context: PilotContext,
  { runner, self }: ProviderPorts,
): Provider {
  const { run } = context;
  const { command = self } = settings;
  const template = `${PREFIX}-${run}@`;
  const unitFile = join(unitFolder(settings), `${template}.service`);
  let started = 0;
  const systemctl = (
    purpose: string,
    args: readonly string[],
  ): Promise<Result<string, ProviderFailure>> =>
    askEngine(runner, { purpose, program: 'systemctl', args: [`--${settings.scope}`, ...args] });
  const list: Provider['list'] = async (runs) => {
    const pattern = runs === 'own' ? `${template}*.service` : `${PREFIX}-*@*.service`;
    const args = ['list-units', '--all', '--plain', '--no-legend', '--full', pattern];
    const told = await systemctl('list the pilots of systemd', args);
    return told.ok ? ok(parseUnits(told.value)) : told;
  };
  return {
    name: settings.name,
    async check() {
      const told = await systemctl('reach systemd', ['show', '--property=Version']);
      return told.ok ? ok(undefined) : told;
    },
    render() {
      const unit = { settings, context, program: command };
      const { service, timer } = nightlyUnits(unit);
      const worker = workerUnit({ ...unit, program: self, name: `${PREFIX}@` });
      return [
        { name: `${PREFIX}@.service`, content: worker },
        { name: 'flac2all-nightly.service', content: service },
        { name: 'flac2all-nightly.timer', content: timer },
      ];
    },
    async submit(count) {
      const written = await writeUnit(
        unitFile,
        workerUnit({ settings, context, program: self, name: template }),
      );
      if (!written.ok) return written;
      const purpose = 'start pilots by systemd';
      const loaded = await systemctl(purpose, ['daemon-reload']);
      if (!loaded.ok) return loaded;
      const ids = Array.from({ length: count }, () => `${template}${(started += 1)}.service`);
      const told = await systemctl(purpose, ['start', '--no-block', ...ids]);
      return told.ok ? ok(ids) : told;
    },
    list,
    async status(ids) {
      const listed = await list('own');
      return listed.ok ? ok(statusesOf(ids, listed.value, run)) : listed;
    },
    async cancel(ids, { drain }) {
      const listed = await list('all');
      if (!listed.ok) return listed;
      const wanted = new Set(ids);
      const live = listed.value.filter(({ id, phase }) => wanted.has(id) && phase !== 'ended');
      if (live.length === 0) return ok(undefined);
      const units = live.map(({ id }) => id);
      const purpose = 'stop pilots of systemd';
      const told = await systemctl(purpose, ['stop', '--no-block', ...units]);
      if (!told.ok || drain) return told.ok ? ok(undefined) : told;
      // One that is gone by now cannot be killed, which is well.
      await systemctl(purpose, ['kill', '--signal=SIGKILL', ...units]);
      return ok(undefined);
    },
    async lastWords(id) {
      const which = settings.scope === 'user' ? '--user-unit' : '--unit';
      const args = [`${which}=${id}`, '--lines=20', '--output=cat', '--quiet', '--no-pager'];
      const purpose = 'read the journal of a pilot';
      const told = await askEngine(runner, { purpose, program: 'journalctl', args });
      return told.ok ? told.value.trim() : '';
    },
    async dispose() {
      await rm(unitFile, { force: true });
      await systemctl('forget the pilots of systemd', ['daemon-reload']);
      await rm(context.folder, { recursive: true, force: true });
    },
  };
}

/** Units that are gone after the next start of the machine. */
function unitFolder({ scope }: SystemdSettings): string {
  if (scope === 'system') return '/run/systemd/system';
  const runtime = process.env['XDG_RUNTIME_DIR'] ?? `/run/user/${process.getuid?.() ?? 0}`;
  return join(runtime, 'systemd/user');
}

async function writeUnit(file: string, text: string): Promise<Result<void, ProviderFailure>> {
  try {
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, text);
    return ok(undefined);
  } catch (error) {
    const message = `cannot write the unit ${file}: ${errorMessage(error)}`;
    return err({ code: 'PROVIDER_FAILED', message, cause: error });
  }
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
    const run = runOf(id);
    if (run === undefined) return [];
    return [{ id, run, phase: PHASES[active] ?? 'ended', text: `${active} (${sub})` }];
  });
}

function runOf(id: PilotId): string | undefined {
  return /^flac2all-worker-(\w+)@\d+\.service$/.exec(id)?.[1];
}
