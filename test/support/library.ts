import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { AbsolutePath } from '#src/lib/brand.js';
import type { ManifestFile } from '#src/manifest/manifest-file.gen.js';
import { makeFlac } from './flac-builder.js';
import type { BuiltFlac } from './flac-builder.js';
import type { Finished, StartOptions } from './rig.js';
import { linesOf, Run } from './rig.js';
import { plant, temporaryFolder } from './temporary-folder.js';

/** What a file of a tree is: its SHA-256 and times, or its kind. */
export type Tree = Readonly<Record<string, string>>;

/** A folder with sources in `in/` and a manifest, and the real program run in it. */
export class Library {
  readonly root: AbsolutePath;
  readonly #env: Readonly<Record<string, string>>;
  readonly #uid: number | undefined;

  /** With a user the program runs as that one, who then owns the folder. */
  constructor(test: TestContext, env: Readonly<Record<string, string>> = {}, uid?: number) {
    this.root = temporaryFolder(test);
    this.#uid = uid;
    // Sockets of killed runs go with the test's folder.
    const scratch = temporaryFolder(test);
    this.#env = { TMPDIR: scratch, ...env };
  }

  path(rel: string): string {
    return join(this.root, rel);
  }

  /** Writes a file below the folder. */
  plant(rel: string, content: string | Uint8Array): string {
    return plant(this.root, rel, content);
  }

  /** Writes a short FLAC file into `in/`; other names and other seeds sound different. */
  track(name: string, flac: Partial<BuiltFlac> & { readonly seed?: number } = {}): string {
    const { seed = nameSeed(name), ...built } = flac;
    const sample = (index: number, channel: number): number =>
      (((index * (3 + (seed % 89))) % 211) - 105) * (20 + channel) + (seed % 50);
    const comments = [['TITLE', name]] as const;
    return plant(
      this.root,
      join('in', name),
      makeFlac({ length: 4410, comments, sample, ...built }),
    );
  }

  /** Writes flac2all.yaml; sources may be as young as they like. */
  manifest(manifest: Omit<ManifestFile, 'version'>): string {
    const policy = { minAge: '0s', ...manifest.policy };
    const source = manifest.sources === undefined ? { source: './in' } : {};
    const written = { version: 1, ...source, ...manifest, policy };
    return plant(this.root, 'flac2all.yaml', JSON.stringify(written, undefined, 1));
  }

  read(rel: string): string {
    return readFileSync(this.path(rel), 'utf8');
  }

  /** Gives another library the same sources. */
  copyMusicTo(other: Library): void {
    cpSync(this.path('in'), other.path('in'), { recursive: true });
  }

  remove(rel: string): void {
    rmSync(this.path(rel), { recursive: true });
  }

  start(args: readonly string[], options: Partial<StartOptions> = {}): Run {
    const env = { ...this.#env, ...options.env };
    if (this.#uid === undefined) return new Run(args, { cwd: this.root, ...options, env });
    this.#giveAway(this.#uid);
    return new Run(args, { cwd: this.root, uid: this.#uid, ...options, env });
  }

  #giveAway(uid: number): void {
    const folders = [this.root, this.#env['TMPDIR'] ?? ''];
    spawnSync('chown', ['-R', `${uid}:${uid}`, ...folders]);
  }

  run(args: readonly string[], options: Partial<StartOptions> = {}): Promise<Finished> {
    return this.start(args, options).finished;
  }

  /** `apply -y --json`. */
  apply(...args: readonly string[]): Promise<Finished> {
    return this.run(['apply', '--yes', '--json', ...args]);
  }

  /** `plan --json --detailed-exitcode`. */
  plan(...args: readonly string[]): Promise<Finished> {
    return this.run(['plan', '--json', '--detailed-exitcode', ...args]);
  }

  /** Every file below a folder with its SHA-256; the ledger and temporary files not. */
  outputs(folder = 'out'): Tree {
    const root = this.path(folder);
    mkdirSync(root, { recursive: true });
    return Object.fromEntries(
      walk(root).map((name) => [name, contentOf(join(root, name))] as const),
    );
  }

  /** Everything in the folder, the ledger too, with sizes and times: what a look must not change. */
  everything(): Tree {
    return Object.fromEntries(
      ['.', ...walk(this.root)].map((name) => {
        const path = join(this.root, name);
        const { mtimeNs, ctimeNs, ino, mode } = lstatSync(path, { bigint: true });
        return [name, [contentOf(path), mode, ino, mtimeNs, ctimeNs].join(' ')] as const;
      }),
    );
  }
}

/** Which action the plan has for each output, relative to the library. */
export function actionsOf(library: Library, finished: Finished): Readonly<Record<string, string>> {
  const rows = linesOf(finished, 'change').map(
    ({ output, action }) => [output.slice(library.root.length + 1), action] as const,
  );
  return Object.fromEntries(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The outputs that workers made, relative to the library, sorted. */
export function madeIn(library: Library, finished: Finished): readonly string[] {
  return linesOf(finished, 'task-done')
    .map(({ output }) => output.slice(library.root.length + 1))
    .sort();
}

/** Part files that are left anywhere in the library. */
export function partsIn(library: Library): readonly string[] {
  return walk(library.root).filter((name) => name.endsWith('.f2a-part'));
}

function walk(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
}

function contentOf(path: string): string {
  const stats = lstatSync(path);
  if (stats.isDirectory()) return 'folder';
  if (!stats.isFile()) return 'special';
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function nameSeed(name: string): number {
  return Array.from(name).reduce(
    (sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973,
    7,
  );
}
