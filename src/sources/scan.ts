import type { Dirent, Stats } from 'node:fs';
import fastGlob from 'fast-glob';
import type { FileSystemAdapter } from 'fast-glob';
import type { AbsolutePath } from '../lib/brand.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { SourceSet } from '../manifest/manifest.js';
import type { SourceFailure } from './failure.js';
import { hideLineBreaks, showLineBreaks } from './line-breaks.js';
import { ScanDisk } from './scan-disk.js';
import { matcher, splitPatterns } from '../lib/glob.js';
import type { Matcher } from '../lib/glob.js';
import { lookHere } from '../lib/looking.js';
import type { LookAtAll } from '../lib/looking.js';
import { realPath } from '../lib/real-path.js';
import type { Scan, ScannedFile } from './source.js';
import { checkSourceRoot, rootUnreadable } from './source-root.js';

/** What a scan takes besides sources, and whom it tells. */
export interface ScanOptions {
  /** Patterns of files that are copied as they are. */
  readonly copy: readonly string[];
  /** Folders that outputs go into, which no link may lead to. */
  readonly outputs?: readonly AbsolutePath[];
  /** Told now and then; `total` is unknown while directories are still being listed. */
  readonly onProgress?: (done: number, total: number | undefined) => void;
  /** Who takes the stats; `lookHere` where nobody is named. */
  readonly lookAtAll?: LookAtAll;
  readonly signal?: AbortSignal;
}

/** What macOS leaves beside files, the ledger, the trash, and unfinished outputs are never sources. */
const NEVER: readonly string[] = [
  '**/._*',
  '**/.flac2all/**',
  '**/.flac2all-trash/**',
  '**/*.f2a-part',
];

/**
 * No name matches it. Its base is the root, which makes fast-glob walk once from there instead of
 * from each pattern's own base, where case would count and overlaps be read twice.
 */
const NOTHING_AT_ROOT = '[\0]';

/** Calls in a row that answer at once; more would pile up on the stack and hold up signals. */
const CALLS_PER_TURN = 64;

/**
 * Finds the files of a source set with their stats. Problems with single files and folders are in
 * the result; only a root that cannot be trusted is a failure. Rejects when `signal` is aborted.
 */
export async function scanSources(
  set: SourceSet,
  options: ScanOptions,
): Promise<Result<Scan, SourceFailure>> {
  const failure = checkSourceRoot(set);
  if (failure !== undefined) return err(failure);
  const selection = selectionOf(set, options.copy);
  const disk = new ScanDisk(set.root, {
    wanted: matcher(selection.walked),
    ignored: matcher(selection.ignored),
    outputs: (options.outputs ?? []).map(realPath),
  });
  const found = await walk(set.root, { selection, disk, options });
  options.signal?.throwIfAborted();
  if (disk.rootError !== undefined) return err(rootUnreadable(set, disk.rootError));
  const files = await statFiles(set.root, { found, disk, options });
  return ok({ ...divide(files, selection), problems: disk.problems });
}

interface Selection {
  readonly walked: readonly string[];
  readonly ignored: readonly string[];
  /** Tells sources from sidecars; `undefined` when all are sources. */
  readonly division: { readonly isSource: Matcher; readonly isCopied: Matcher } | undefined;
}

function selectionOf(set: SourceSet, copy: readonly string[]): Selection {
  const include = splitPatterns(set.include);
  const exclude = splitPatterns(set.exclude).wanted;
  const ignored = [...NEVER, ...exclude];
  if (copy.length === 0) {
    const walked = include.wanted;
    return { walked, ignored: [...ignored, ...include.unwanted], division: undefined };
  }
  const walked = [...include.wanted, ...splitPatterns(copy).wanted];
  const division = { isSource: matcher(set.include), isCopied: matcher(copy) };
  return { walked, ignored, division };
}

interface WalkContext {
  readonly selection: Selection;
  readonly disk: ScanDisk;
  readonly options: ScanOptions;
}

/** Paths, relative to the root, of everything selected that may be a file; sorted. */
async function walk(root: AbsolutePath, context: WalkContext): Promise<readonly string[]> {
  const { walked, ignored } = context.selection;
  const entries = await fastGlob([...walked.map(hideLineBreaks), NOTHING_AT_ROOT], {
    cwd: root,
    ignore: ignored.map(hideLineBreaks),
    dot: true,
    caseSensitiveMatch: false,
    unique: false,
    onlyFiles: false,
    objectMode: true,
    fs: adapterOf(context.disk, context.options),
  });
  return entries
    .filter(
      ({ dirent, path }) => !dirent.isDirectory() && !dirent.isSymbolicLink() && isBelow(path),
    )
    .map(({ path }) => showLineBreaks(path))
    .toSorted();
}

/** A pattern may lead out of the root; nothing out there is a source. */
function isBelow(rel: string): boolean {
  return !rel.startsWith('../') && !rel.startsWith('/');
}

type ListCallback = (error: null, entries: Dirent[]) => void;
interface StatCallback {
  (error: Error): void;
  (error: null, stats: Stats): void;
}

/** Makes fast-glob keep the link as a link, which it neither enters nor takes for a file. */
const notFollowed = new Error('link not followed');

/**
 * fast-glob's asynchronous form over synchronous calls: the speed of the one, and the event loop
 * still gets its turns.
 */
function adapterOf(disk: ScanDisk, options: ScanOptions): Partial<FileSystemAdapter> {
  let calls = 0;
  const answer = (callback: () => void): void => {
    calls += 1;
    if (calls % CALLS_PER_TURN !== 0) return callback();
    options.onProgress?.(disk.entries, undefined);
    setImmediate(callback);
  };
  const readdir = (path: string, _: unknown, callback: ListCallback): void => {
    const entries = options.signal?.aborted === true ? [] : disk.list(showLineBreaks(path));
    for (const entry of entries) entry.name = hideLineBreaks(entry.name);
    answer(() => callback(null, entries));
  };
  const stat = (path: string, callback: StatCallback): void => {
    const stats = disk.follow(showLineBreaks(path));
    answer(() => (stats === undefined ? callback(notFollowed) : callback(null, stats)));
  };
  return {
    readdir: readdir as FileSystemAdapter['readdir'],
    stat: stat as FileSystemAdapter['stat'],
  };
}

interface StatContext {
  readonly found: readonly string[];
  readonly disk: ScanDisk;
  readonly options: ScanOptions;
}

/** Adds the stats; files that vanished since the walk are left out. */
async function statFiles(
  root: AbsolutePath,
  context: StatContext,
): Promise<readonly ScannedFile[]> {
  const { found, disk, options } = context;
  const { lookAtAll = lookHere, onProgress, signal } = options;
  const prefix = root === '/' ? root : `${root}/`;
  const files: ScannedFile[] = [];
  let done = 0;
  onProgress?.(0, found.length);
  const wanted = found.map((rel) => `${prefix}${rel}` as AbsolutePath);
  for await (const { paths, looks } of lookAtAll(wanted, 'followed')) {
    signal?.throwIfAborted();
    for (const [index, path] of paths.entries()) {
      const stat = disk.statOf(path, looks[index]);
      if (stat !== undefined) files.push({ rel: path.slice(prefix.length), path, stat });
    }
    done += paths.length;
    onProgress?.(done, found.length);
  }
  return files;
}

function divide(
  files: readonly ScannedFile[],
  selection: Selection,
): { readonly files: readonly ScannedFile[]; readonly sidecars: readonly ScannedFile[] } {
  const { division } = selection;
  if (division === undefined) return { files, sidecars: [] };
  const isSidecar = ({ rel }: ScannedFile): boolean =>
    division.isCopied(rel) && !division.isSource(rel);
  return {
    files: files.filter(({ rel }) => division.isSource(rel)),
    sidecars: files.filter(isSidecar),
  };
}
