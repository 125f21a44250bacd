import { dirname } from 'node:path';
import type { Sha256 } from '#src/lib/brand.js';
import { sha256Of } from '#src/lib/checksum.js';
import type { AppendFile, Disk, DiskEntry } from '#src/lib/disk.js';
import type { StatKey } from '#src/lib/stat-key.js';
import { systemError } from './system-error.js';

/** The process was killed at this operation; nothing after it happens. */
export class CrashError extends Error {
  override readonly name = 'CrashError';
}

interface Inode {
  readonly ino: number;
  readonly kind: 'file' | 'directory';
  data: Buffer;
  /** How many bytes of `data` are on stable storage. */
  syncedBytes: number;
  mtime: number;
  ctime: number;
}

type Names = Map<string, Inode>;

/** A change of names that a power loss may undo until one of its folders is synced. */
interface PendingChange {
  readonly folders: readonly string[];
  readonly apply: (names: Names) => void;
}

export interface Operation {
  readonly name: keyof Disk | 'append' | 'sync';
  readonly path: string;
}

/**
 * A file system in memory that keeps apart what the system sees and what is on stable storage. It
 * stops at any step (`crashAt`), and forgets at a power loss what was not synced: each change of a
 * name by itself, and of appended bytes all, some, or those in front of others.
 */
export class MemoryDisk implements Disk {
  #names: Names = new Map();
  #durable: Names = new Map();
  #pending: PendingChange[] = [];
  #count = 0;
  #crashed = false;
  #tick = 0;
  /** Crash at this step, counted from the last restart; 0: never. */
  crashAt = 0;
  /** Gives the error code that an operation fails with. */
  fail: (operation: Operation) => string | undefined = () => undefined;

  constructor() {
    const root = this.#inode('directory');
    this.#names.set('/', root);
    this.#durable.set('/', root);
  }

  /** Steps since the last restart. */
  get steps(): number {
    return this.#count;
  }

  /** Whether `crashAt` was reached. */
  get isCrashed(): boolean {
    return this.#crashed;
  }

  /** All paths of files, sorted. */
  get files(): readonly string[] {
    return [...this.#names]
      .flatMap(([path, { kind }]) => (kind === 'file' ? [path] : []))
      .toSorted();
  }

  /** Goes on after a crash: with `random` the power was lost, without it only the process died. */
  restart(random?: () => number): void {
    if (random !== undefined) this.#losePower(random);
    this.#crashed = false;
    this.crashAt = 0;
    this.#count = 0;
  }

  /** Overwrites a file behind everybody's back; durable. */
  tamper(path: string, data: Buffer): void {
    const inode = this.#file(path);
    inode.data = data;
    inode.syncedBytes = data.length;
    inode.mtime = inode.ctime = this.#tick += 1;
  }

  lstat(path: string): Promise<DiskEntry | undefined> {
    return this.#run({ name: 'lstat', path }, () => {
      const inode = this.#names.get(path);
      if (inode === undefined) return undefined;
      const { kind, data, mtime, ctime, ino } = inode;
      return { kind, stat: `${data.length}:${mtime}:${ctime}:${ino}` as StatKey };
    });
  }

  readFile(path: string): Promise<Buffer> {
    return this.#run({ name: 'readFile', path }, () => Buffer.from(this.#file(path).data));
  }

  async *readPieces(path: string): AsyncGenerator<Buffer> {
    const content = await this.readFile(path);
    const half = content.indexOf('\n', content.length >> 1) + 1;
    const pieces = half === 0 ? [content] : [content.subarray(0, half), content.subarray(half)];
    for (const piece of pieces) if (piece.length > 0) yield piece;
  }

  list(path: string): Promise<readonly string[]> {
    return this.#run({ name: 'list', path }, () => this.#children(path));
  }

  makeDirectory(path: string): Promise<readonly string[]> {
    return this.#change({ name: 'makeDirectory', path }, () => {
      const missing: string[] = [];
      for (let at = path; !this.#names.has(at); at = dirname(at)) missing.unshift(at);
      for (const made of missing) this.#setName(made, this.#inode('directory'));
      return missing;
    });
  }

  async writeNew(path: string, content: Iterable<string | Uint8Array>): Promise<void> {
    await this.#change({ name: 'writeNew', path }, () => {
      this.#requireFolder(path);
      if (this.#names.has(path)) throw systemError('EEXIST', path);
      this.#setName(path, this.#inode('file'));
    });
    try {
      const data = Buffer.concat([...content].map((piece) => Buffer.from(piece)));
      await this.#write({ name: 'writeNew', path }, this.#file(path), data);
      await this.#change({ name: 'sync', path }, () => this.#sync(this.#file(path)));
    } catch (error) {
      if (!(error instanceof CrashError)) this.#deleteName(path);
      throw error;
    }
  }

  openAppend(path: string): Promise<AppendFile> {
    return this.#change({ name: 'openAppend', path }, () => {
      this.#requireFolder(path);
      if (!this.#names.has(path)) this.#setName(path, this.#inode('file'));
      const inode = this.#file(path);
      return {
        append: (data) => this.#write({ name: 'append', path }, inode, Buffer.from(data)),
        sync: () => this.#change({ name: 'sync', path }, () => this.#sync(inode)),
        close: () => Promise.resolve(),
      };
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#change({ name: 'rename', path: to }, () => {
      const inode = this.#file(from);
      this.#requireFolder(to);
      inode.ctime = this.#tick += 1;
      this.#setPending([dirname(from), dirname(to)], (names) => {
        names.delete(from);
        names.set(to, inode);
      });
    });
  }

  link(from: string, to: string): Promise<void> {
    return this.#change({ name: 'link', path: to }, () => {
      if (this.#names.has(to)) throw systemError('EEXIST', to);
      this.#setName(to, this.#file(from));
    });
  }

  remove(path: string): Promise<void> {
    return this.#change({ name: 'remove', path }, () => {
      if (this.#names.has(path)) this.#deleteName(path);
    });
  }

  removeEmptyDirectory(path: string): Promise<boolean> {
    return this.#change({ name: 'removeEmptyDirectory', path }, () => {
      const empty = this.#names.has(path) && this.#children(path).length === 0;
      if (empty) this.#deleteName(path);
      return empty;
    });
  }

  syncDirectory(path: string): Promise<void> {
    return this.#change({ name: 'syncDirectory', path }, () => {
      if (!this.#names.has(path)) throw systemError('ENOENT', path);
      const synced = this.#pending.filter(({ folders }) => folders.includes(path));
      for (const { apply } of synced) apply(this.#durable);
      this.#pending = this.#pending.filter(({ folders }) => !folders.includes(path));
    });
  }

  async sha256(path: string): Promise<Sha256> {
    return sha256Of(await this.readFile(path));
  }

  async #run<T>(operation: Operation, work: () => T): Promise<T> {
    await Promise.resolve();
    if (this.#crashed) throw new CrashError(`after the crash: ${operation.name} ${operation.path}`);
    const code = this.fail(operation);
    if (code !== undefined) throw systemError(code, operation.path);
    return work();
  }

  /** A step: where a crash is due it happens instead. */
  #change<T>(operation: Operation, work: () => T): Promise<T> {
    return this.#run(operation, () => {
      this.#step(operation);
      return work();
    });
  }

  #step({ name, path }: Operation): void {
    this.#count += 1;
    if (this.#count !== this.crashAt) return;
    this.#crashed = true;
    throw new CrashError(`at step ${this.#count}: ${name} ${path}`);
  }

  /** A crash in the middle leaves half of it. */
  #write(operation: Operation, inode: Inode, data: Buffer): Promise<void> {
    return this.#run(operation, () => {
      inode.mtime = inode.ctime = this.#tick += 1;
      const half = Buffer.concat([inode.data, data.subarray(0, data.length >> 1)]);
      const whole = Buffer.concat([inode.data, data]);
      inode.data = half;
      this.#step(operation);
      inode.data = whole;
    });
  }

  #sync(inode: Inode): void {
    inode.syncedBytes = inode.data.length;
  }

  #inode(kind: Inode['kind']): Inode {
    const tick = (this.#tick += 1);
    return { ino: tick, kind, data: Buffer.alloc(0), syncedBytes: 0, mtime: tick, ctime: tick };
  }

  #file(path: string): Inode {
    const inode = this.#names.get(path);
    if (inode?.kind !== 'file') throw systemError('ENOENT', path);
    return inode;
  }

  #requireFolder(path: string): void {
    if (this.#names.get(dirname(path))?.kind !== 'directory') throw systemError('ENOENT', path);
  }

  #children(folder: string): readonly string[] {
    const prefix = folder === '/' ? '/' : `${folder}/`;
    return [...this.#names.keys()]
      .filter((path) => path.startsWith(prefix) && path !== '/')
      .map((path) => path.slice(prefix.length))
      .filter((name) => !name.includes('/'));
  }

  #setName(path: string, inode: Inode): void {
    this.#setPending([dirname(path)], (names) => names.set(path, inode));
  }

  #deleteName(path: string): void {
    this.#setPending([dirname(path)], (names) => names.delete(path));
  }

  #setPending(folders: readonly string[], apply: (names: Names) => void): void {
    apply(this.#names);
    this.#pending.push({ folders, apply });
  }

  #losePower(random: () => number): void {
    for (const { apply } of this.#pending) if (random() < 0.5) apply(this.#durable);
    this.#pending = [];
    const orphans = [...this.#durable.keys()].filter((path) => !this.#isReachable(path));
    for (const path of orphans) this.#durable.delete(path);
    for (const inode of new Set(this.#durable.values())) loseBytes(inode, random);
    this.#names = new Map(this.#durable);
  }

  #isReachable(path: string): boolean {
    if (path === '/') return true;
    return this.#durable.has(dirname(path)) && this.#isReachable(dirname(path));
  }
}

/** Of the bytes that were not synced: none, some, all, or a hole in front of the last. */
function loseBytes(inode: Inode, random: () => number): void {
  const { data, syncedBytes } = inode;
  const open = data.length - syncedBytes;
  const kept = Buffer.from(data.subarray(0, syncedBytes + Math.floor(random() * (open + 1))));
  if (random() < 0.3) {
    const hole = Math.floor((random() * open) / 2);
    kept.fill(0, syncedBytes, Math.min(kept.length, syncedBytes + hole));
  }
  inode.data = kept;
  inode.syncedBytes = kept.length;
}
