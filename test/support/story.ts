import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { AbsolutePath, Sha256 } from '#src/lib/brand.js';
import type { AppendFile, Disk } from '#src/lib/disk.js';
import { nodeDisk } from '#src/lib/node-disk.js';
import { statKey } from '#src/lib/stat-key.js';
import { loadManifest } from '#src/manifest/load.js';
import type { Manifest } from '#src/manifest/manifest.js';
import type { ManifestFile } from '#src/manifest/manifest-file.gen.js';
import type { RunEvent } from '#src/report/event.js';
import type { ApplyOptions, ApplyReport } from '#src/run/apply.js';
import { applyManifest } from '#src/run/apply.js';
import type { HandOut } from '#src/run/encode-stage.js';
import { planManifest } from '#src/run/plan.js';
import type { Planned, PlanOptions } from '#src/run/plan.js';
import { readFlacHeader } from '#src/sources/flac-header.js';
import type { AudioId, TagId } from '#src/sources/identity.js';
import type { Failed, Made, Task } from '#src/task/task.js';
import { FakeClock } from './fake-clock.js';
import { makeFlac } from './flac-builder.js';
import type { BuiltFlac } from './flac-builder.js';
import { PowerDisk } from './power-disk.js';
import { plant, temporaryFolder } from './temporary-folder.js';

const HOUR_MS = 3_600_000;

/** What a fake worker does with a task: `undefined` makes it. */
export type Work = (task: Task) => Failed | undefined;

/** What a fake worker's encoder for a codec calls itself. */
export type EncoderOf = (codec: string) => string;

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

/** Makes every task, one after the other, as a worker would: part first, then the commit. */
export function fakeWorker(
  work: Work = () => undefined,
  encoderOf: EncoderOf = () => 'fake 1',
): HandOut {
  return async ({ tasks, epoch, lease, commit, onFailed }) => {
    for (const [index, bare] of tasks.entries()) {
      const task = await lease(bare, `${epoch}.${index + 1}`);
      const failed = work(task);
      if (failed !== undefined) {
        await onFailed(task, failed, 'fake/1');
        continue;
      }
      const verdict = await commit(task, makePart(task, encoderOf), 'fake/1');
      if (verdict.verdict === 'committed') continue;
      rmSync(task.part, { force: true });
      await onFailed(task, verdict.failed, 'fake/1');
    }
    return { ok: true, value: { remaining: 0, vanished: [] } };
  };
}

/** Writes the part file: for audio what decides its content, in words. */
export function makePart(task: Task, encoderOf: EncoderOf = () => 'fake 1'): Made {
  const bytes = readFileSync(task.source.path);
  const identity = task.sidecar ? undefined : identityOf(task.source.path);
  const { audioId, tagId } = identity ?? {
    audioId: `sha256:${sha256(bytes)}` as AudioId,
    tagId: 'v:-,p:-,c:-' as TagId,
  };
  const copied = task.recipe.audio.codec === 'copy';
  const content = copied ? bytes : `${JSON.stringify(task.recipe)}\n${audioId}\n${tagId}\n`;
  writeFileSync(task.part, content, { flag: 'wx' });
  const made = lstatSync(task.part, { bigint: true });
  return {
    status: 'made',
    part: { stat: statKey(made), sha256: sha256(content) },
    samples: 200,
    sampleRate: 44_100,
    source: {
      stat: statKey(statSync(task.source.path, { bigint: true })),
      sha256: sha256(bytes),
      audioId,
      tagId,
      racy: false,
    },
    encoder: reusedBy(task) ? (task.reuse?.encoder ?? '') : encoderOf(task.recipe.audio.codec),
    warnings: [],
    ms: 1,
  };
}

/** Whether a worker would tag an output anew instead of encoding. */
export function reusedBy({ reuse, source, sidecar }: Task): boolean {
  if (reuse === undefined || sidecar) return false;
  const same = sha256(readFileSync(reuse.path)) === reuse.sha256;
  return same && identityOf(source.path).audioId === reuse.audioId;
}

export function failedWith(text: string, kind: Failed['class'] = 'input'): Failed {
  return { status: 'failed', class: kind, code: 'DECODE_FAILED', text, stderrTail: '', ms: 1 };
}

function identityOf(path: AbsolutePath) {
  const header = readFlacHeader(path, { wantFields: false });
  if (!header.ok || header.value.identity.audioId === undefined) throw new Error(`odd ${path}`);
  return { audioId: header.value.identity.audioId, tagId: header.value.identity.tagId };
}

function sha256(content: string | Uint8Array): Sha256 {
  return createHash('sha256').update(content).digest('hex') as Sha256;
}

export interface CrashingDisk {
  readonly port: Disk;
  readonly crashed: () => boolean;
  /** What the system does with the open files of a process that is gone. */
  readonly closeFiles: () => Promise<void>;
}

/** A disk until the `step`-th change of it; that one and whatever comes after never happens. */
export function crashingDisk(step: number, lossy?: Disk): CrashingDisk {
  const disk = lossy ?? nodeDisk;
  let left = step;
  const open = new Set<AppendFile>();
  const count = (): void => {
    left -= 1;
    if (left <= 0) throw new Error('crash');
  };
  const guarded = async <R>(call: () => Promise<R>): Promise<R> => {
    count();
    return call();
  };
  const port: Disk = {
    ...disk,
    makeDirectory: (path) => guarded(() => disk.makeDirectory(path)),
    writeNew: (path, content) => guarded(() => disk.writeNew(path, content)),
    rename: (from, to) => guarded(() => disk.rename(from, to)),
    link: (from, to) => guarded(() => disk.link(from, to)),
    remove: (path) => guarded(() => disk.remove(path)),
    removeEmptyDirectory: (path) => guarded(() => disk.removeEmptyDirectory(path)),
    // Where nothing is lost, a sync is no step: before and after it all is the same.
    syncDirectory: (path) =>
      lossy === undefined ? disk.syncDirectory(path) : guarded(() => disk.syncDirectory(path)),
    openAppend: async (path) => {
      const file = await guarded(() => disk.openAppend(path));
      open.add(file);
      return {
        append: (data) => guarded(() => file.append(data)),
        sync: () => guarded(() => file.sync()),
        close: async () => {
          open.delete(file);
          await file.close();
        },
      };
    },
  };
  const closeFiles = async (): Promise<void> => {
    for (const file of open) await file.close();
    open.clear();
  };
  return { port, crashed: () => left <= 0, closeFiles };
}
