import type { Sha256 } from './brand.js';
import type { StatKey } from './stat-key.js';

/**
 * The file-system calls of ledger and commit, and nothing more: whatever must survive a crash goes
 * through this port, so that a test can stop at every step and lose what was not synced.
 * All methods reject with Node's system errors (`code`: `ENOENT`, `ENOSPC`, ...).
 */
export interface Disk {
  /** `undefined` when there is nothing at the path. Symbolic links are not followed. */
  lstat(path: string): Promise<DiskEntry | undefined>;
  readFile(path: string): Promise<Buffer>;
  /** A text file in pieces of whole lines, each good until the next is asked for; the last line may lack its `\n`. */
  readPieces(path: string): AsyncIterable<Buffer>;
  /** Names in a folder; empty when the folder is missing. */
  list(path: string): Promise<readonly string[]>;
  /** Makes the folder and its parents; returns those made, outermost first. */
  makeDirectory(path: string): Promise<readonly string[]>;
  /**
   * Creates the file; `EEXIST` when there is one. Content and metadata are synced before it returns;
   * when it fails, what it made of the file is removed again.
   */
  writeNew(path: string, content: Iterable<string | Uint8Array>): Promise<void>;
  /** Opens for appending, creating the file where it is missing. */
  openAppend(path: string): Promise<AppendFile>;
  /** Replaces what stands at `to`. */
  rename(from: string, to: string): Promise<void>;
  /** `EEXIST` when `to` is there already. */
  link(from: string, to: string): Promise<void>;
  /** Removes a file; nothing happens when it is gone already. */
  remove(path: string): Promise<void>;
  /** Removes an empty folder; `false` when it is not empty or not there. */
  removeEmptyDirectory(path: string): Promise<boolean>;
  /** Makes renames, creations and removals in the folder durable. */
  syncDirectory(path: string): Promise<void>;
  /** Of a file's content. */
  sha256(path: string): Promise<Sha256>;
}

/** What stands at a path. */
export interface DiskEntry {
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  readonly stat: StatKey;
}

/** A file that is open for appending. */
export interface AppendFile {
  /** Appends; not durable before `sync`. */
  append(data: string): Promise<void>;
  /** fdatasync. */
  sync(): Promise<void>;
  close(): Promise<void>;
}
