import { isUtf8 } from 'node:buffer';
import { readdirSync, statSync } from 'node:fs';
import type { Dirent } from 'node:fs';

/** A directory entry whose name is not UTF-8. */
export interface RawEntry {
  readonly name: Buffer;
  /** A folder, or a link to one. */
  readonly directory: boolean;
}

/** A directory by the bytes of its names. */
export interface RawListing {
  /** The names that are UTF-8. */
  readonly names: Set<string>;
  readonly broken: readonly RawEntry[];
}

/** Lists a directory by bytes. Throws system errors. */
export function listRawNames(directory: string): RawListing {
  const names = new Set<string>();
  const broken: RawEntry[] = [];
  for (const entry of readdirSync(directory, { withFileTypes: true, encoding: 'buffer' })) {
    if (isUtf8(entry.name)) names.add(entry.name.toString());
    else broken.push({ name: entry.name, directory: isDirectory(directory, entry) });
  }
  return { names, broken };
}

function isDirectory(parent: string, entry: Dirent<Buffer>): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  const path = Buffer.concat([Buffer.from(`${parent}/`), entry.name]);
  try {
    return statSync(path).isDirectory();
  } catch {
    return true;
  }
}

/** A name for people: what is not UTF-8 as `\xNN`, everything else as it is. */
export function escapeRawName(name: Buffer): string {
  let text = '';
  for (let at = 0; at < name.length;) {
    const length = characterBytes(name, at);
    text +=
      length === 0
        ? `\\x${name.toString('hex', at, at + 1)}`
        : name.toString('utf8', at, at + length);
    at += Math.max(length, 1);
  }
  return text;
}

/** How many bytes the UTF-8 character at `at` has; 0 when there is none. */
function characterBytes(name: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= name.length; length += 1) {
    if (isUtf8(name.subarray(at, at + length))) return length;
  }
  return 0;
}
