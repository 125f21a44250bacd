import { posix } from 'node:path';
import type { AbsolutePath } from '../lib/brand.js';
import { isWithin } from '../lib/path-within.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';

/** Where this machine has what the master has elsewhere: `--map FROM=TO`. */
export interface PathMap {
  /** An absolute path at the master, or the name that the manifest has for a folder. */
  readonly from: string;
  readonly to: AbsolutePath;
}

/** A map whose names are resolved. */
export interface PlacedMap {
  readonly from: AbsolutePath;
  readonly to: AbsolutePath;
}

/** Reads `/srv/music=/mnt/nas/music` or `lossless=/mnt/nas/music`. The error says what is wrong with it. */
export function parsePathMap(text: string): Result<PathMap, string> {
  const [from, to, ...more] = text.split(/=(?=\/)/);
  if (from === undefined || to === undefined) {
    return err(`"${text}" is not FROM=TO, with an absolute path for TO`);
  }
  if (more.length > 0) return err(`"${text}" has more than one "=/": which one divides it?`);
  if (from === '') return err(`"${text}" does not say what is elsewhere`);
  if (!from.startsWith('/') && /[/=]/.test(from)) {
    return err(`"${from}" is neither an absolute path nor a name of the manifest`);
  }
  return ok({ from: from.startsWith('/') ? normalPath(from) : from, to: normalPath(to) });
}

/** An absolute path without `.`, `..`, doubled and trailing slashes. */
export function normalPath(text: string): AbsolutePath {
  const normal = posix.normalize(text);
  return (normal === '/' ? normal : normal.replace(/\/$/, '')) as AbsolutePath;
}

/** A folder with the name that the manifest has for it. */
export interface NamedRoot {
  readonly name: string;
  readonly path: AbsolutePath;
}

/** Puts paths in the place of names. The error names the map whose name stands for no folder, or for several. */
export function placeMaps(
  maps: readonly PathMap[],
  roots: readonly NamedRoot[],
): Result<readonly PlacedMap[], string> {
  const placed: PlacedMap[] = [];
  for (const { from, to } of maps) {
    if (from.startsWith('/')) {
      placed.push({ from: from as AbsolutePath, to });
      continue;
    }
    const paths = new Set(roots.filter(({ name }) => name === from).map(({ path }) => path));
    const [path, ...others] = paths;
    if (path !== undefined && others.length === 0) placed.push({ from: path, to });
    // A run need not be about every folder of the manifest.
    if (others.length > 0) {
      return err(
        `--map ${from}=${to}: "${from}" is ${[...paths].join(' and ')}; name the path instead`,
      );
    }
  }
  return ok(placed);
}

/** Where this machine has a path of the master's; the map of the innermost folder counts. */
export function localPath(path: AbsolutePath, maps: readonly PlacedMap[]): AbsolutePath {
  let best: PlacedMap | undefined;
  for (const map of maps) {
    if (!isWithin(path, map.from)) continue;
    if (best === undefined || map.from.length > best.from.length) best = map;
  }
  return best === undefined ? path : normalPath(`${best.to}/${path.slice(best.from.length)}`);
}
