import { linkSync, lstatSync, mkdirSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AppendFile, Disk } from '#src/lib/disk.js';
import { nodeDisk } from '#src/lib/node-disk.js';

/** A file, kept under a name of its own outside the library, or a folder. */
type Thing = { readonly kept: string } | 'folder';
type Names = Map<string, Thing>;

/** A change of names that a power loss may undo until one of its folders is synced. */
interface Pending {
  readonly folders: readonly string[];
  readonly apply: (names: Names) => void;
}

/**
 * The real disk below a folder, which can lose its power: then each change of a name that no sync of
 * a folder made durable is undone or not by chance, by itself and in any order, and appended bytes are
 * cut to something between what was synced and what was written. Files that others write meanwhile
 * (workers their parts, people) count as synced, their names not.
 */
export class PowerDisk {
  readonly port: Disk;
  readonly #root: string;
  readonly #store: string;
  readonly #durable: Names = new Map();
  #pending: Pending[] = [];
  readonly #syncedBytes = new Map<string, number>();

  /** `store`: an empty folder on the same file system, outside of `root`. */
  constructor(root: string, store: string) {
    this.#root = root;
    this.#store = store;
    for (const [path, thing] of this.#look()) this.#durable.set(path, thing);
    this.port = this.#makePort();
  }

  /** Leaves on the real disk what is there when the power comes back. */
  losePower(random: () => number): void {
    this.#noticeOthers();
    for (const { apply } of this.#pending) if (random() < 0.5) apply(this.#durable);
    this.#pending = [];
    for (const name of readdirSync(this.#root))
      rmSync(join(this.#root, name), { recursive: true, force: true });
    for (const [path, thing] of [...this.#durable].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      if (!this.#isReachable(path)) continue;
      if (thing === 'folder') mkdirSync(path);
      else this.#restore(thing.kept, path, random);
    }
  }

  #restore(kept: string, path: string, random: () => number): void {
    const { size } = lstatSync(kept);
    const synced = Math.min(size, this.#syncedBytes.get(kept) ?? size);
    truncateSync(kept, synced + Math.floor(random() * (size - synced + 1)));
    linkSync(kept, path);
  }

  #isReachable(path: string): boolean {
    const folder = dirname(path);
    if (folder === this.#root) return true;
    return this.#durable.get(folder) === 'folder' && this.#isReachable(folder);
  }

  #makePort(): Disk {
    return {
      ...nodeDisk,
      makeDirectory: async (path) => {
        const made = await nodeDisk.makeDirectory(path);
        for (const one of made) this.#change([dirname(one)], (names) => names.set(one, 'folder'));
        return made;
      },
      writeNew: async (path, content) => {
        await nodeDisk.writeNew(path, content);
        this.#named(path);
      },
      link: async (from, to) => {
        await nodeDisk.link(from, to);
        this.#named(to);
      },
      rename: async (from, to) => {
        const thing = this.#keep(from);
        await nodeDisk.rename(from, to);
        this.#change([dirname(from), dirname(to)], (names) => {
          names.delete(from);
          names.set(to, thing);
        });
      },
      remove: async (path) => {
        await nodeDisk.remove(path);
        this.#change([dirname(path)], (names) => names.delete(path));
      },
      removeEmptyDirectory: async (path) => {
        const removed = await nodeDisk.removeEmptyDirectory(path);
        if (removed) this.#change([dirname(path)], (names) => names.delete(path));
        return removed;
      },
      openAppend: (path) => this.#openAppend(path),
      syncDirectory: async (path) => {
        await nodeDisk.syncDirectory(path);
        this.#noticeOthers();
        const synced = this.#pending.filter(({ folders }) => folders.includes(path));
        for (const { apply } of synced) apply(this.#durable);
        this.#pending = this.#pending.filter((one) => !synced.includes(one));
      },
    };
  }

  async #openAppend(path: string): Promise<AppendFile> {
    const isNew = lstatSync(path, { throwIfNoEntry: false }) === undefined;
    const file = await nodeDisk.openAppend(path);
    const kept = isNew ? this.#named(path) : this.#keep(path).kept;
    const note = (): void => void this.#syncedBytes.set(kept, lstatSync(kept).size);
    if (!this.#syncedBytes.has(kept)) note();
    return {
      append: (data) => file.append(data),
      sync: async () => {
        await file.sync();
        note();
      },
      close: () => file.close(),
    };
  }

  #named(path: string): string {
    const thing = this.#keep(path);
    this.#change([dirname(path)], (names) => names.set(path, thing));
    return thing.kept;
  }

  #change(folders: readonly string[], apply: (names: Names) => void): void {
    this.#pending.push({ folders, apply });
  }

  /** The file, so that it can be brought back under any name. */
  #keep(path: string): Exclude<Thing, 'folder'> {
    const inode = lstatSync(path).ino;
    const kept = join(this.#store, String(inode));
    if (lstatSync(kept, { throwIfNoEntry: false }) === undefined) linkSync(path, kept);
    return { kept };
  }

  /** What workers and people made, by names that no sync has made durable. */
  #noticeOthers(): void {
    const now = new Map(this.#durable);
    for (const { apply } of this.#pending) apply(now);
    for (const [path, thing] of this.#look()) {
      const known = now.get(path);
      const isSame =
        known === 'folder' || thing === 'folder' ? known === thing : known?.kept === thing.kept;
      if (!isSame) this.#change([dirname(path)], (names) => names.set(path, thing));
    }
  }

  #look(): readonly (readonly [string, Thing])[] {
    return readdirSync(this.#root, { recursive: true, withFileTypes: true }).map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path, entry.isDirectory() ? 'folder' : this.#keep(path)] as const;
    });
  }
}
