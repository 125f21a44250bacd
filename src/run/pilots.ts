import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterKey } from '../cluster/key-file.js';
import { writeKey } from '../cluster/key-file.js';
import { isLocalEndpoint } from '../cluster/endpoint.js';
import type { MasterEvent } from '../cluster/master-event.js';
import type { Clock } from '../lib/clock.js';
import { errorMessage } from '../lib/failure.js';
import type { Failure } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { ProviderSettings } from '../manifest/provider-settings.js';
import { makeProvider } from '../providers/make-provider.js';
import { PilotFleet } from '../providers/pilot-fleet.js';
import type { PilotEvent } from '../providers/pilot-event.js';
import type { PilotContext, PilotKey } from '../providers/provider.js';
import { systemPorts } from './system-ports.js';
import { WorkMeter } from './work-meter.js';

/** Engines that start workers, and where they leave their traces. */
export interface PilotSetting {
  readonly providers: readonly ProviderSettings[];
  /** Host name or address under which pilots reach the master. */
  readonly advertise: string | undefined;
  /** `.flac2all` beside the manifest; engines on other machines see it under the same path. */
  readonly stateDirectory: string;
  /** The manifest's path. */
  readonly manifest: string;
}

export interface PilotsOptions {
  readonly setting: PilotSetting;
  /** What opens the master's door to pilots; `undefined`: it is open. */
  readonly key: ClusterKey | undefined;
  readonly tasks: number;
  readonly clock: Clock;
  readonly drain: AbortSignal;
  readonly onEvent: (event: PilotEvent) => void;
  /** No pilot will come any more, of no provider; the text says why. */
  readonly onExhausted: (text: string) => void;
}

/** All pilots of a run, of however many providers. */
export class Pilots {
  readonly #options: PilotsOptions;
  readonly #meter: WorkMeter;
  readonly #ended = new AbortController();
  readonly #folder: string;
  readonly #run = randomBytes(5).toString('hex');
  readonly #joined = new Set<string>();
  #fleets: readonly PilotFleet[] = [];
  #exhausted = 0;
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: PilotsOptions) {
    this.#options = options;
    this.#meter = new WorkMeter(options.tasks);
    this.#folder = join(options.setting.stateDirectory, 'pilots', this.#run);
  }

  /** Makes the folder of the run, ends what a killed run has left, and asks the engines whether they are there. */
  async prepare(): Promise<Result<void, Failure>> {
    const { setting } = this.#options;
    await this.#reclaim();
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      const message = `cannot make the folder ${this.#folder}: ${errorMessage(error)}`;
      return err({ code: 'PILOT_FOLDER', message, cause: error });
    }
    const checked = await Promise.all(
      setting.providers.map((settings) =>
        makeProvider(settings, this.#context('', { kind: 'none' }), systemPorts).check(),
      ),
    );
    const failed = checked.find((check) => !check.ok);
    if (failed !== undefined) await rm(this.#folder, { recursive: true, force: true });
    return failed ?? ok(undefined);
  }

  /** Begins to scale: pilots find the master at the endpoint. */
  start(endpoint: string): Result<void, Failure> {
    const { setting, clock, drain, onEvent, onExhausted } = this.#options;
    const key = this.#pilotKey(endpoint);
    if (!key.ok) return key;
    const context = this.#context(endpoint, key.value);
    this.#fleets = setting.providers.map((settings) => {
      const fleet: PilotFleet = new PilotFleet({
        provider: makeProvider(settings, context, systemPorts),
        settings,
        clock,
        onEvent,
        work: () => ({
          openTasks: this.#meter.openTasks,
          meanTaskMs: this.#meter.meanTaskMs,
          otherSlots: this.#slotsBeside(fleet),
        }),
        onExhausted: (text) => {
          this.#exhausted += 1;
          if (this.#exhausted === this.#fleets.length) onExhausted(text);
        },
      });
      return fleet;
    });
    this.#running = Promise.all(this.#fleets.map((fleet) => fleet.run(this.#ended.signal, drain)));
    return ok(undefined);
  }

  /** Hears what the master tells. */
  take(event: MasterEvent): void {
    this.#meter.take(event);
    if (event.type === 'agent-joined' && event.pilot !== undefined) {
      const { pilot } = event;
      if (this.#fleets.some((fleet) => fleet.joined(pilot, event))) this.#joined.add(event.session);
    }
    if (event.type === 'agent-left') {
      this.#joined.delete(event.session);
      for (const fleet of this.#fleets) fleet.left(event.session);
    }
  }

  taskFailed(): void {
    this.#meter.taskFailed();
  }

  /** Ends all pilots; resolves when their engines say that they are gone. */
  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#running;
    await rm(this.#folder, { recursive: true, force: true });
    // Other runs' folders stay, and so does this.
    await rmdir(join(this.#folder, '..')).catch(() => undefined);
  }

  #slotsBeside(fleet: PilotFleet): number {
    const others = this.#fleets.filter((other) => other !== fleet);
    const expected = others.reduce((sum, other) => sum + other.expectedSlots(), 0);
    return this.#meter.slotsBeside(this.#joined) + expected;
  }

  #context(endpoint: string, key: PilotKey, run = this.#run): PilotContext {
    const { stateDirectory, manifest } = this.#options.setting;
    return { run, endpoint, key, folder: join(stateDirectory, 'pilots', run), manifest };
  }

  #pilotKey(endpoint: string): Result<PilotKey, Failure> {
    const { key } = this.#options;
    if (key === undefined) {
      return ok({ kind: isLocalEndpoint(endpoint) ? 'none' : 'insecure' });
    }
    const file = join(this.#folder, 'cluster.key');
    const written = writeKey(file, key);
    return written.ok ? ok({ kind: 'key', key, file }) : written;
  }

  /** Whoever holds the ledger's lock knows that no other run of this manifest lives. */
  async #reclaim(): Promise<void> {
    const { setting } = this.#options;
    const folder = join(setting.stateDirectory, 'pilots');
    for (const run of await readdir(folder).catch(() => [])) {
      for (const settings of setting.providers) {
        const context = this.#context('', { kind: 'none' }, run);
        const provider = makeProvider(settings, context, systemPorts);
        const listed = await provider.list('own');
        if (!listed.ok) continue;
        const live = listed.value.filter(({ phase }) => phase !== 'ended').map(({ id }) => id);
        await provider.cancel(live, { drain: false });
        await provider.dispose();
      }
      await rm(join(folder, run), { recursive: true, force: true });
    }
  }
}
