import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { addWorkerKey, revokeWorkerKey } from '../cluster/cluster-key.js';
import { advertisedEndpoint, isLocalEndpoint } from '../cluster/endpoint.js';
import { workerKey } from '../cluster/key-file.js';
import type { Failure } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { Manifest } from '../manifest/manifest.js';
import type { ProviderSettings } from '../manifest/provider-settings.js';
import { makeProvider } from '../providers/make-provider.js';
import type { PilotKey, Provider } from '../providers/provider.js';
import { systemPorts } from './system-ports.js';

/** The run of pilots that nobody's apply has asked for. */
export const HAND_RUN = 'hand';
const USUAL_PORT = 2019;

export interface HandPilotsOptions {
  readonly settings: ProviderSettings;
  /** Of the master; `undefined`: as the manifest says. */
  readonly endpoint: string | undefined;
  readonly keyFolder: string;
}

/** A provider whose pilots are submitted, looked at and cancelled by hand. */
export class HandPilots {
  readonly provider: Provider;
  readonly #options: HandPilotsOptions;
  readonly #keyName: string;
  readonly #folder: string;

  constructor(manifest: Manifest, options: HandPilotsOptions) {
    const { settings, keyFolder } = options;
    this.#options = options;
    this.#keyName = `pilots-${settings.name}`;
    this.#folder = join(keyFolder, this.#keyName);
    const endpoint = options.endpoint ?? usualEndpoint(manifest);
    const context = {
      run: HAND_RUN,
      endpoint,
      key: this.#key(endpoint, manifest.cluster.insecure),
      folder: this.#folder,
      manifest: manifest.file,
    };
    this.provider = makeProvider(settings, context, systemPorts);
  }

  /** Has the engine start pilots; they have a key of their own that is let in until `cancelAll`. */
  static async submit(
    manifest: Manifest,
    options: HandPilotsOptions,
    count: number,
  ): Promise<Result<{ readonly pilots: HandPilots; readonly ids: readonly string[] }, Failure>> {
    const { bind } = manifest.cluster;
    if (options.endpoint === undefined && (bind === undefined || bind.endsWith(':*'))) {
      const message = 'the master has no fixed port that workers could be told';
      const hint = `set cluster.bind to tcp://*:${USUAL_PORT}, or name the address with --connect`;
      return err({ code: 'USAGE', message, hint });
    }
    const made = await ensureKey(manifest, options);
    if (!made.ok) return made;
    const pilots = new HandPilots(manifest, options);
    const ids = await pilots.provider.submit(count);
    return ids.ok ? ok({ pilots, ids: ids.value }) : ids;
  }

  /** Cancels all pilots that were submitted by hand, and takes their key back. */
  async cancelAll(options: {
    readonly drain: boolean;
  }): Promise<Result<readonly string[], Failure>> {
    const listed = await this.provider.list('own');
    if (!listed.ok) return listed;
    const ids = listed.value.filter(({ phase }) => phase !== 'ended').map(({ id }) => id);
    const cancelled = await this.provider.cancel(ids, options);
    if (!cancelled.ok) return cancelled;
    // Those that drain still answer for what they have; they joined long ago.
    revokeWorkerKey(this.#options.keyFolder, this.#keyName);
    if (!options.drain || ids.length === 0) await this.provider.dispose();
    return ok(ids);
  }

  /** The key once there is one, or where it will be. */
  #key(endpoint: string, insecure: boolean): PilotKey {
    if (isLocalEndpoint(endpoint)) return { kind: 'none' };
    if (insecure) return { kind: 'insecure' };
    const file = join(this.#folder, 'cluster.key');
    const read = workerKey(this.#folder, file);
    return { kind: 'key', file, key: read.ok ? read.value : NO_KEY };
  }
}

/** Stands for a key where only its place is shown. */
const NO_KEY = { serverKey: '', publicKey: '', secretKey: '' };

function usualEndpoint({ cluster: { bind, advertise } }: Manifest): string {
  const usual = bind === undefined || bind.endsWith(':*') ? `tcp://*:${USUAL_PORT}` : bind;
  return advertisedEndpoint(usual, { bind: usual, advertise });
}

async function ensureKey(
  manifest: Manifest,
  { settings, keyFolder, endpoint }: HandPilotsOptions,
): Promise<Result<void, Failure>> {
  const name = `pilots-${settings.name}`;
  const folder = join(keyFolder, name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'cluster.key');
  const address = endpoint ?? usualEndpoint(manifest);
  if (existsSync(file) || manifest.cluster.insecure || isLocalEndpoint(address)) {
    return ok(undefined);
  }
  return addWorkerKey(keyFolder, { name, file });
}
