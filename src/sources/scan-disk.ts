import { readdirSync, realpathSync, statSync } from 'node:fs';
import type { Dirent, Stats } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { AbsolutePath } from '../lib/brand.js';
import { errorCode } from '../lib/failure.js';
import type { Look } from '../lib/look.js';
import { isWithin } from '../lib/path-within.js';
import type { StatKey } from '../lib/stat-key.js';
import { systemErrorText } from './problem.js';
import { escapeRawName, listRawNames } from './raw-names.js';
import type { Matcher } from '../lib/glob.js';
import type { ScanProblem } from './source.js';

/** What a scan cares about, over paths relative to the root. */
export interface Interest {
  /** Sources and sidecars. */
  readonly wanted: Matcher;
  /** What nothing is said about. */
  readonly ignored: Matcher;
  /** Real paths of the folders that outputs go into: to take those for sources would never end. */
  readonly outputs: readonly AbsolutePath[];
}

/** What Node puts in the place of bytes that are not UTF-8. Some names really hold one. */
const REPLACEMENT = '\uFFFD';

/** The end of a problem's text: what is excluded is not told. */
const EXCLUDE_IT = 'or add it to exclude';
const REMOVE_IT = `remove it, ${EXCLUDE_IT}`;

/**
 * The file system as a scan sees it: what cannot be taken becomes a problem and is passed over, so
 * that one bad folder never ends a scan. Synchronous calls: four times as fast as promises.
 */
export class ScanDisk {
  /** Why the root itself could not be listed. */
  rootError: unknown;
  /** Directory entries seen so far. */
  entries = 0;
  readonly #root: string;
  readonly #interest: Interest;
  /** Keyed by path, so that each is told once. */
  readonly #problems = new Map<string, ScanProblem>();
  /** Folders of outputs, as they are met behind a link that leads to one above them. */
  readonly #behindLinks = new Set<string>();

  constructor(root: string, interest: Interest) {
    this.#root = root;
    this.#interest = interest;
  }

  /** What could not be taken, sorted by path. */
  get problems(): readonly ScanProblem[] {
    return [...this.#problems.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Lists a directory; empty when it cannot be read. Names that are not UTF-8 are left out. */
  list(directory: string): Dirent[] {
    if (this.#behindLinks.has(directory)) return this.#reportOutput(directory);
    try {
      const entries = readdirSync(directory, { withFileTypes: true });
      this.entries += entries.length;
      const odd = entries.some((entry) => entry.name.includes(REPLACEMENT));
      return odd ? this.#withoutBrokenNames(directory, entries) : entries;
    } catch (error) {
      if (directory === this.#root) this.rootError = error;
      else this.#reportUnreadable(directory, error, true);
      return [];
    }
  }

  /** Follows a link; `undefined` when it leads nowhere or back up. */
  follow(link: string): Stats | undefined {
    try {
      const stats = statSync(link);
      if (!stats.isDirectory()) return stats;
      const target = realpathSync(link);
      if (this.#interest.outputs.some((output) => isWithin(target, output))) {
        this.#reportOutput(link);
        return undefined;
      }
      if (!this.#leadsUp(link, target)) {
        this.#noteOutputs(link, target);
        return stats;
      }
      const text = `the link leads to a folder that it lies in itself; ${REMOVE_IT}`;
      this.#report({ path: link, code: 'SOURCE_LINK_LOOP', text, directory: true });
    } catch (error) {
      this.#reportLink(link, error);
    }
    return undefined;
  }

  /** The stat of a regular file out of a look at it; anything else becomes a problem, but what is gone. */
  statOf(path: string, look: Look): StatKey | undefined {
    if (typeof look !== 'object') return look;
    const text = look.isUnreadable
      ? withWayOut(look.text)
      : `${look.text}, not a regular file; ${REMOVE_IT}`;
    this.#report({ path, code: 'SOURCE_UNREADABLE', text, directory: false });
    return undefined;
  }

  /**
   * Whether the link's target holds a folder on the way from the root to the link. Every loop
   * passes through such a link, however many links it is made of.
   */
  #leadsUp(link: string, target: string): boolean {
    let folder = link;
    while (folder !== this.#root && folder !== '/') {
      folder = dirname(folder);
      if (isWithin(realpathSync(folder), target)) return true;
    }
    return false;
  }

  /** Of outputs that lie below a link's target, the folders by their names behind the link. */
  #noteOutputs(link: string, target: string): void {
    for (const output of this.#interest.outputs) {
      if (isWithin(output, target)) this.#behindLinks.add(join(link, relative(target, output)));
    }
  }

  #reportOutput(path: string): [] {
    const text = `a link leads to the folder of an output; ${REMOVE_IT}`;
    this.#report({ path, code: 'SOURCE_LINK_LOOP', text, directory: true });
    return [];
  }

  /** A link that leads nowhere may have led to a folder, on a disk that is not mounted now. */
  #reportLink(path: string, error: unknown): void {
    const directory = !this.#interest.wanted(this.#relative(path));
    const code = errorCode(error);
    if (code === 'ELOOP') {
      const text = `the link leads back to itself; ${REMOVE_IT}`;
      this.#report({ path, code: 'SOURCE_LINK_LOOP', text, directory });
    } else if (code === 'ENOENT' || code === 'ENOTDIR') {
      const text = `the link leads to something that is not there; mend it, ${REMOVE_IT}`;
      this.#report({ path, code: 'SOURCE_LINK_BROKEN', text, directory });
    } else this.#reportUnreadable(path, error, directory);
  }

  #withoutBrokenNames(directory: string, entries: Dirent[]): Dirent[] {
    const { names, broken } = listRawNames(directory);
    for (const entry of broken) {
      const rel = this.#relative(`${directory}/${entry.name.toString()}`);
      if (this.#interest.ignored(rel) || !(entry.directory || this.#interest.wanted(rel))) continue;
      const path = `${directory}/${escapeRawName(entry.name)}`;
      const text = `the name is not UTF-8; rename it, or add it to exclude with * for each \\xNN`;
      this.#report({ path, code: 'SOURCE_NAME_NOT_UTF8', text, directory: entry.directory });
    }
    return entries.filter((entry) => names.delete(entry.name));
  }

  #reportUnreadable(path: string, error: unknown, directory: boolean): void {
    const text = withWayOut(systemErrorText(error));
    this.#report({ path, code: 'SOURCE_UNREADABLE', text, directory });
  }

  #report(problem: ScanProblem): void {
    if (!this.#interest.ignored(this.#relative(problem.path))) {
      this.#problems.set(problem.path, problem);
    }
  }

  #relative(path: string): string {
    return path.slice(this.#root === '/' ? 1 : this.#root.length + 1);
  }
}

/** Of what the system says only missing rights have a way out that is known here. */
function withWayOut(text: string): string {
  return /^(?:EACCES|EPERM):/u.test(text) ? `${text}; make it readable, ${EXCLUDE_IT}` : text;
}
