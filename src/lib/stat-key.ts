import type { BigIntStats } from 'node:fs';
import type { Brand } from './brand.js';

/**
 * What `lstat` says of a file's content, as one comparable string:
 * `size:mtimeNs:ctimeNs:ino`, sizes in bytes and times in nanoseconds since the epoch.
 * Two equal keys of one path mean that nobody wrote to the file, as far as the file system can tell.
 */
export type StatKey = Brand<string, 'StatKey'>;

/**
 * Builds the key from `lstat(path, { bigint: true })`. Joined, not concatenated: that makes one flat
 * string of 80 bytes instead of a rope of 300, and millions of them are held.
 */
export function statKey(stats: BigIntStats): StatKey {
  return [stats.size, stats.mtimeNs, stats.ctimeNs, stats.ino].join(':') as StatKey;
}

/** A key taken apart; times in nanoseconds since the epoch. */
export interface StatParts {
  readonly sizeBytes: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly ino: bigint;
}

/** Takes a key apart again. Throws on a string that `statKey` did not make. */
export function statParts(key: StatKey): StatParts {
  const [size, mtime, ctime, ino] = key.split(':');
  return {
    sizeBytes: Number(size),
    mtimeNs: BigInt(mtime ?? ''),
    ctimeNs: BigInt(ctime ?? ''),
    ino: BigInt(ino ?? ''),
  };
}

/** When the content or the inode changed last, in nanoseconds since the epoch. */
export function lastChangeNs(key: StatKey): bigint {
  const { mtimeNs, ctimeNs } = statParts(key);
  return mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
}

/** The size in bytes that a key states. */
export function statSize(key: StatKey): number {
  return Number(key.slice(0, key.indexOf(':')));
}
