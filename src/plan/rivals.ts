import { crc32 } from 'node:zlib';
import type { AbsolutePath } from '../lib/brand.js';
import type { Desired } from './action.js';

/**
 * Outputs that more than one source or set wants, or that differ only in case or Unicode form (one
 * file on most file systems of players, macOS and Windows): path to the rivals' descriptions.
 */
export function findRivals(desired: readonly Desired[]): ReadonlyMap<Desired, readonly string[]> {
  const first = new Map<string, Desired>();
  const groups = new Map<string, Desired[]>();
  for (const wanted of suspects(desired)) {
    const key = folded(wanted.output);
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, wanted);
      continue;
    }
    const group = groups.get(key) ?? [other];
    group.push(wanted);
    groups.set(key, group);
  }
  const rivals = new Map<Desired, readonly string[]>();
  for (const group of groups.values()) {
    for (const wanted of group) {
      rivals.set(
        wanted,
        group.filter((other) => other !== wanted).map((other) => describe(other, wanted)),
      );
    }
  }
  return rivals;
}

/** Those that may have rivals, found by four bytes each: to hold all folded paths would take too much. */
function suspects(desired: readonly Desired[]): readonly Desired[] {
  const hashes = Int32Array.from(desired, ({ output }) => hashOf(output)).sort();
  const twice = new Set<number>();
  for (let at = 1; at < hashes.length; at += 1) {
    const hash = hashes[at] ?? 0;
    if (hash === hashes[at - 1]) twice.add(hash);
  }
  return twice.size === 0 ? [] : desired.filter(({ output }) => twice.has(hashOf(output)));
}

function hashOf(path: AbsolutePath): number {
  return crc32(folded(path)) | 0;
}

function folded(path: AbsolutePath): string {
  return path.normalize('NFC').toLowerCase();
}

function describe(other: Desired, than: Desired): string {
  const spelling = other.output === than.output ? '' : ` as ${other.output}`;
  const set = other.set.name === than.set.name ? '' : ` (output ${other.set.name})`;
  return `${other.source.path}${set}${spelling}`;
}
