import type { AbsolutePath } from '../lib/brand.js';
import { groupBy } from '../lib/group-by.js';
import type { Desired } from './action.js';

const HASH_BASIS = 0x811c9dc5 | 0;
const HASH_PRIME = 0x01000193;
const FIRST_BEYOND_ASCII = 0x80;
const UPPER_A = 0x41;
const UPPER_Z = 0x5a;
const TO_LOWER = 0x20;

/**
 * Outputs that more than one source or set wants, or that differ only in case or Unicode form (one
 * file on most file systems of players, macOS and Windows): path to the rivals' descriptions.
 */
export function findRivals(desired: readonly Desired[]): ReadonlyMap<Desired, readonly string[]> {
  const groups = groupBy(suspects(desired), ({ output }) => folded(output));
  const rivals = new Map<Desired, readonly string[]>();
  for (const group of groups.values()) {
    if (group.length === 1) continue;
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
  const hashes = new Int32Array(desired.length);
  for (const [at, { output }] of desired.entries()) hashes[at] = hashOf(output);
  hashes.sort();
  const twice = new Set<number>();
  for (let at = 1; at < hashes.length; at += 1) {
    const hash = hashes[at] ?? 0;
    if (hash === hashes[at - 1]) twice.add(hash);
  }
  return twice.size === 0 ? [] : desired.filter(({ output }) => twice.has(hashOf(output)));
}

function hashOf(path: AbsolutePath): number {
  return hashOfAscii(path) ?? hashOfText(folded(path));
}

/** Nearly all characters of paths: to fold the whole text takes ten times as long. */
function hashOfAscii(path: AbsolutePath): number | undefined {
  let hash = HASH_BASIS;
  for (let at = 0; at < path.length; at += 1) {
    const code = path.charCodeAt(at);
    if (code >= FIRST_BEYOND_ASCII) return undefined;
    const isUpper = code >= UPPER_A && code <= UPPER_Z;
    hash = Math.imul(hash ^ (isUpper ? code + TO_LOWER : code), HASH_PRIME);
  }
  return hash;
}

/** FNV-1a over code units. */
function hashOfText(text: string): number {
  let hash = HASH_BASIS;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), HASH_PRIME);
  }
  return hash;
}

function folded(path: AbsolutePath): string {
  return path.normalize('NFC').toLowerCase();
}

function describe(other: Desired, than: Desired): string {
  const spelling = other.output === than.output ? '' : ` as ${other.output}`;
  const set = other.set.name === than.set.name ? '' : ` (output ${other.set.name})`;
  return `${other.source.path}${set}${spelling}`;
}
