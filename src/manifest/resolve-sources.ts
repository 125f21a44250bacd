import { expandPath, relativeProblem } from './expand-path.js';
import type { PathBase } from './expand-path.js';
import type { ManifestFailure } from './failure.js';
import type { ManifestFile, Source } from './manifest-file.gen.js';
import type { SourceSet } from './manifest.js';
import { below, failureIn } from './place.js';
import type { Place } from './place.js';

/** A source and where its path is written. */
export interface LocatedSource {
  readonly set: SourceSet;
  readonly place: Place;
}

/** Takes what is wrong, so that one run names all of it. */
export type Report = (failure: ManifestFailure) => void;

/** The name of the one source of the short form. */
const SHORT_NAME = 'source';
const INCLUDE = ['**/*.flac'];
/** What a source leaves out that says nothing of it. */
export const DEFAULT_EXCLUDE: readonly string[] = [
  '**/.Trash*/**',
  '**/.stversions/**',
  '**/@eaDir/**',
  '**/#recycle/**',
];

interface NamedSource {
  readonly name: string;
  readonly written: Source;
  readonly place: Place;
}

/** The sources of both forms, in order. Those with a broken path are reported and left out. */
export function resolveSources(
  { source, sources }: ManifestFile,
  root: Place,
  tools: { readonly base: PathBase; readonly report: Report },
): readonly LocatedSource[] {
  const named: NamedSource[] = Object.entries(sources ?? {}).map(([name, written]) => ({
    name,
    written,
    place: below(root, 'sources', name),
  }));
  if (source !== undefined) {
    named.push({ name: SHORT_NAME, written: source, place: below(root, 'source') });
  }
  return named.flatMap((one) => resolveSource(one, tools.base, tools.report) ?? []);
}

function resolveSource(
  { name, written, place }: NamedSource,
  base: PathBase,
  report: Report,
): LocatedSource | undefined {
  const isShort = typeof written === 'string';
  const { path, include, exclude, sentinel } = isShort ? { path: written } : written;
  reportPatterns(include, below(place, 'include'), report);
  reportPatterns(exclude, below(place, 'exclude'), report);
  const astray = sentinel === undefined ? undefined : relativeProblem(sentinel);
  if (astray !== undefined) {
    const message = `the sentinel "${sentinel ?? ''}" ${astray}`;
    report(failureIn(below(place, 'sentinel'), { code: 'MANIFEST_BAD_PATH', message }));
  }
  const pathPlace = isShort ? place : below(place, 'path');
  const root = expandPath(path, base);
  if (!root.ok) {
    report(failureIn(pathPlace, root.error));
    return undefined;
  }
  const patterns = { include: include ?? INCLUDE, exclude: exclude ?? DEFAULT_EXCLUDE };
  const guard = sentinel === undefined ? {} : { sentinel };
  return { set: { name, root: root.value, ...patterns, ...guard }, place: pathPlace };
}

/** Reports patterns that could never match a file below the source. */
export function reportPatterns(
  patterns: readonly string[] | undefined,
  place: Place,
  report: Report,
): void {
  for (const [index, pattern] of (patterns ?? []).entries()) {
    const negated = /^!(?!\()/.test(pattern);
    const wrong = negated ? 'begins with "!"' : relativeProblem(pattern);
    if (wrong === undefined) continue;
    report(
      failureIn(below(place, index), {
        code: 'MANIFEST_BAD_PATTERN',
        message: `the pattern "${pattern}" ${wrong}`,
        hint: negated
          ? 'write it without "!" under "exclude"'
          : 'patterns are relative to the source: "**/*.flac", "Jazz/**"',
      }),
    );
  }
}
