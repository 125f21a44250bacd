import assert from 'node:assert/strict';
import { cpSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { AbsolutePath } from '#src/lib/brand.js';
import { nodeDisk } from '#src/lib/node-disk.js';
import { loadManifest } from '#src/manifest/load.js';
import type { Manifest } from '#src/manifest/manifest.js';
import type { ManifestFile } from '#src/manifest/manifest-file.gen.js';
import type { RunEvent } from '#src/report/event.js';
import type { ApplyOptions, ApplyReport } from '#src/run/apply.js';
import { applyManifest } from '#src/run/apply.js';
import { planManifest } from '#src/run/plan.js';
import type { Planned, PlanOptions } from '#src/run/plan.js';
import { crashingDisk } from './crashing-disk.js';
import { FakeClock } from './fake-clock.js';
import { fakeWorker } from './fake-worker.js';
import type { EncoderOf, Work } from './fake-worker.js';
import { makeFlac } from './flac-builder.js';
import type { BuiltFlac } from './flac-builder.js';
import { PowerDisk } from './power-disk.js';
import { plant, temporaryFolder } from './temporary-folder.js';

const HOUR_MS = 3_600_000;

interface Worker {
  readonly work?: Work;
  readonly encoderOf?: EncoderOf;
}

/** A power failure, with the chance that decides what is lost. */
export interface PowerLoss extends Worker {
  readonly test: TestContext;
  readonly random: () => number;
}

export interface Applied {
  readonly report: ApplyReport;
  readonly events: readonly RunEvent[];
  /** `action output`, sorted, of what workers made. */
  readonly made: readonly string[];
}

/** A library in a temporary folder, run in this process by a worker that writes what it should have encoded. */
export class Story {
  readonly root: AbsolutePath;
  /** Well after the sources were written, so that none counts as young. */
  clock: FakeClock = new FakeClock(new Date(Date.now() + HOUR_MS).toISOString());

  constructor(test: TestContext) {
    this.root = temporaryFolder(test);
  }

  path(rel: string): AbsolutePath {
    return join(this.root, rel) as AbsolutePath;
  }

  plant(rel: string, content: string | Uint8Array): AbsolutePath {
    return plant(this.root, rel, content);
  }

  makeFolder(rel: string): void {
    mkdirSync(this.path(rel), { recursive: true });
  }

  /** A small FLAC in `in/`: its audio follows from `audio`, its title from `title`. */
  track(name: string, sound: { audio?: number; title?: string } & Partial<BuiltFlac> = {}): void {
    const { audio = name.length, title = 'one', ...built } = sound;
    const sample = (index: number): number => (index * (audio + 3)) % 97;
    const comments = [['TITLE', title]] as const;
    this.plant(join('in', name), makeFlac({ length: 200, comments, sample, ...built }));
  }

  manifest(manifest: Omit<ManifestFile, 'version'>): void {
    const policy = { minAge: '0s', maxDelete: 1000, ...manifest.policy };
    const source = manifest.sources === undefined ? { source: './in' } : {};
    this.plant('flac2all.yaml', JSON.stringify({ version: 1, ...source, ...manifest, policy }));
  }

  async loaded(): Promise<Manifest> {
    const loaded = await loadManifest(this.path('flac2all.yaml'));
    if (!loaded.ok) assert.fail(loaded.error.map(({ message }) => message).join('\n'));
    return loaded.value;
  }

  /** `action output` of each row, hidden ones not; sorted. */
  async plan(options: Partial<PlanOptions> = {}): Promise<readonly string[]> {
    const { plan } = await this.planned(options);
    return plan.changes
      .filter(({ action }) => action !== 'touch')
      .map(({ action, output }) => `${action} ${this.#short(output)}`)
      .toSorted();
  }

  async planned(options: Partial<PlanOptions> = {}): Promise<Planned> {
    const planned = await planManifest(await this.loaded(), {
      disk: nodeDisk,
      emit: () => undefined,
      ...options,
    });
    if (!planned.ok) assert.fail(planned.error.message);
    return planned.value;
  }

  /** Applies, the manifest as it is now or as it was loaded before; the result may be a failure. */
  async tryApply(options: Partial<ApplyOptions> & Worker & { manifest?: Manifest } = {}) {
    const { work, encoderOf, manifest = await this.loaded(), ...rest } = options;
    const events: RunEvent[] = [];
    const result = await applyManifest(manifest, {
      disk: nodeDisk,
      clock: this.clock,
      command: 'test',
      confirm: () => Promise.resolve(true),
      drain: new AbortController().signal,
      handOut: fakeWorker(work, encoderOf),
      ...rest,
      emit: (event) => {
        events.push(event);
        rest.emit?.(event);
      },
    });
    return { result, events };
  }

  async apply(options: Partial<ApplyOptions> & Worker = {}): Promise<Applied> {
    const { result, events } = await this.tryApply(options);
    if (!result.ok) assert.fail(`${result.error.code}: ${result.error.message}`);
    const made = events.flatMap((event) =>
      event.type === 'task-done' ? [`${event.action} ${this.#short(event.output)}`] : [],
    );
    return { report: result.value, events, made: made.toSorted() };
  }

  /** Applies and dies at the `step`-th disk operation; says whether it came that far. */
  async crash(step: number, options: Partial<ApplyOptions> & Worker = {}): Promise<boolean> {
    const disk = crashingDisk(step, options.disk);
    await assert.doesNotReject(async () => {
      try {
        await this.tryApply({ ...options, disk: disk.port });
      } catch (error) {
        if (!disk.crashed()) throw error;
      }
    });
    await disk.closeFiles();
    this.#removeLock();
    return disk.crashed();
  }

  /** The same where the power fails: what was not synced may be lost. */
  async losePower(step: number, options: PowerLoss): Promise<boolean> {
    const { test, random, ...worker } = options;
    const store = temporaryFolder(test);
    const disk = new PowerDisk(this.root, store);
    const crashed = await this.crash(step, { ...worker, disk: disk.port });
    if (crashed) disk.losePower(random);
    rmSync(store, { recursive: true });
    this.#removeLock();
    return crashed;
  }

  /** That of a process that lives: this one. */
  #removeLock(): void {
    rmSync(this.path('.flac2all/lock'), { force: true });
  }

  /** Everything below a folder: content of files, `/` for folders. */
  tree(folder = 'out'): Readonly<Record<string, string>> {
    const root = this.path(folder);
    if (lstatSync(root, { throwIfNoEntry: false }) === undefined) return {};
    const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).toSorted();
    return Object.fromEntries(
      names.map((name) => {
        const path = join(root, name);
        return [name, statSync(path).isDirectory() ? '/' : readFileSync(path, 'utf8')] as const;
      }),
    );
  }

  /** The whole library as it is now, to be put back. */
  save(test: TestContext): () => void {
    const copy = temporaryFolder(test);
    cpSync(this.root, copy, { recursive: true, preserveTimestamps: true });
    return () => {
      for (const name of readdirSync(this.root)) rmSync(this.path(name), { recursive: true });
      cpSync(copy, this.root, { recursive: true, preserveTimestamps: true });
    };
  }

  /** Of many stories in one test, those that are over leave nothing. */
  remove(): void {
    rmSync(this.root, { recursive: true });
  }

  #short(path: string): string {
    return path.slice(this.root.length + 1);
  }
}
