import { constants } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import type { Sha256 } from './brand.js';
import { sha256OfFile } from './checksum.js';
import { ChecksumThreads, ThreadsLost } from './checksum-threads.js';
import type { AppendFile, Disk, DiskEntry } from './disk.js';
import { errorCode } from './failure.js';
import { statKey } from './stat-key.js';

const PIECE_BYTES = 1 << 18;
const LINE_END = 0x0a;
/** What a path that leads nowhere gives; ENOTDIR: a file stands where a folder was. */
const ABSENT = ['ENOENT', 'ENOTDIR'];

/** The machine's own file system. */
export const nodeDisk: Disk = {
  lstat: (path) => unless(ABSENT, undefined, () => lstat(path)),
  readFile: (path) => fs.readFile(path),
  readPieces,
  list: (path) => unless(ABSENT, [], () => fs.readdir(path)),
  makeDirectory,
  writeNew,
  openAppend,
  rename: (from, to) => fs.rename(from, to),
  link: (from, to) => fs.link(from, to),
  remove: (path) => unless(ABSENT, undefined, () => fs.unlink(path)),
  removeEmptyDirectory,
  syncDirectory,
  sha256,
};

/** What is as large as that is read by threads, beside all else. */
const LARGE_BYTES = 16 * 1024 * 1024;
/** What eight encoders read is a small part of what a thread can do; the second is for when a disk hangs. */
const THREADS = Math.max(2, Math.ceil(availableParallelism() / 8));
let beside: ChecksumThreads | undefined;

async function sha256(path: string): Promise<Sha256> {
  const { size } = await fs.stat(path);
  if (size < LARGE_BYTES) return sha256OfFile(path);
  beside ??= new ChecksumThreads(THREADS);
  try {
    return await beside.sha256(path);
  } catch (error) {
    if (error instanceof ThreadsLost) return sha256OfFile(path);
    throw error;
  }
}

/** Runs `operation`; gives `fallback` when it fails with one of the codes. */
async function unless<T, F>(
  codes: readonly string[],
  fallback: F,
  operation: () => Promise<T>,
): Promise<T | F> {
  try {
    return await operation();
  } catch (error) {
    if (codes.includes(errorCode(error) ?? '')) return fallback;
    throw error;
  }
}

async function lstat(path: string): Promise<DiskEntry> {
  const stats = await fs.lstat(path, { bigint: true });
  return { kind: kindOf(stats), stat: statKey(stats) };
}

function kindOf(stats: BigIntStats): DiskEntry['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'link' : 'other';
}

/** Each piece is read while the one before is worked on, into the same two buffers. */
async function* readPieces(path: string): AsyncGenerator<Buffer> {
  const handle = await fs.open(path, constants.O_RDONLY);
  let [buffer, next] = [Buffer.allocUnsafe(PIECE_BYTES), Buffer.allocUnsafe(PIECE_BYTES)];
  /** Bytes of a line that is not read to its end, in front. */
  let begun = 0;
  let reading = handle.read(buffer, 0, buffer.length);
  try {
    for (;;) {
      const { bytesRead } = await reading;
      const length = begun + bytesRead;
      const end = bytesRead === 0 ? length : buffer.lastIndexOf(LINE_END, length - 1) + 1;
      begun = length - end;
      if (2 * begun > next.length) next = Buffer.allocUnsafe(2 * buffer.length);
      buffer.copy(next, 0, end, length);
      if (bytesRead > 0) reading = handle.read(next, begun, next.length - begun);
      if (end > 0) yield buffer.subarray(0, end);
      if (bytesRead === 0) return;
      [buffer, next] = [next, buffer];
    }
  } finally {
    // Whoever stops early does not care how the last one ended.
    await reading.catch(() => undefined);
    await handle.close();
  }
}

async function makeDirectory(path: string): Promise<readonly string[]> {
  const first = await fs.mkdir(path, { recursive: true });
  if (first === undefined) return [];
  const made = [path];
  for (let at = path; at !== first && at !== dirname(at);) {
    at = dirname(at);
    made.unshift(at);
  }
  return made;
}

async function writeNew(path: string, content: Iterable<string | Uint8Array>): Promise<void> {
  const handle = await fs.open(path, 'wx');
  try {
    await fs.writeFile(handle, content);
    await handle.sync();
  } catch (error) {
    await fs.rm(path, { force: true }).catch(() => undefined);
    throw error;
  } finally {
    await handle.close();
  }
}

async function openAppend(path: string): Promise<AppendFile> {
  const handle = await fs.open(path, 'a');
  return {
    append: (data) => handle.appendFile(data),
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}

async function removeEmptyDirectory(path: string): Promise<boolean> {
  try {
    await fs.rmdir(path);
    return true;
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(code)) return false;
    throw error;
  }
}

/** File systems that cannot sync a folder (some FUSE and SMB mounts) say EINVAL or ENOTSUP. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await fs.open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'EOPNOTSUPP'].includes(errorCode(error) ?? '')) throw error;
  } finally {
    await handle.close();
  }
}
