import type { AbsolutePath } from '../lib/brand.js';
import type { Problem } from './failure.js';
import type { OutputSet, SourceSet } from './manifest.js';
import { outputOverlap, sourceOverlap, stateOverlap } from './overlap.js';
import { below, failureIn } from './place.js';
import type { Place } from './place.js';
import type { Report } from './resolve-sources.js';

/** Folders of a manifest that must not lie in each other, and where they are written. */
export interface Folders {
  readonly sources: readonly Located<SourceSet>[];
  readonly outputs: readonly Located<OutputSet>[];
  readonly stateDirectory: AbsolutePath;
}

interface Rooted {
  readonly root: AbsolutePath;
}

interface Located<T> {
  readonly set: T;
  readonly place: Place;
}

/** With the folder as the manifest has it, and as it is behind all links. */
interface Site<T> extends Located<T> {
  readonly real: T;
}

/** Where a path leads. */
export type RealPath = (path: AbsolutePath) => AbsolutePath;

/**
 * Reports folders that lie in each other, as they are written or behind links. Neither look is enough:
 * a link may lead from an output into a source, and another, which a scan follows, out of a source.
 */
export function reportOverlaps(folders: Folders, realPath: RealPath, report: Report): void {
  const sources = folders.sources.map((one) => siteOf(one, realPath));
  const outputs = folders.outputs.map((one) => siteOf(one, realPath));
  const state = folders.stateDirectory;
  const realState = realPath(state);
  const inState = (what: string, site: Site<Rooted>): Problem | undefined =>
    stateOverlap(what, site.set.root, state) ??
    byLink(stateOverlap(what, site.real.root, realState), [site]);
  for (const site of sources) {
    const problem = inState(`source "${site.set.name}"`, site);
    if (problem !== undefined) report(failureIn(site.place, problem));
  }
  for (const [index, site] of outputs.entries()) {
    const problem =
      inState(`output "${site.set.name}"`, site) ??
      first(sources, (source) => between(sourceOverlap, site, source)) ??
      first(outputs.slice(0, index), (former) => between(outputOverlap, former, site));
    if (problem !== undefined) report(failureIn(below(site.place, 'to'), problem));
  }
}

function siteOf<T extends Rooted>({ set, place }: Located<T>, realPath: RealPath): Site<T> {
  return { set, place, real: { ...set, root: realPath(set.root) } };
}

function between<A extends Rooted, B extends Rooted>(
  overlap: (one: A, other: B) => Problem | undefined,
  one: Site<A>,
  other: Site<B>,
): Problem | undefined {
  return overlap(one.set, other.set) ?? byLink(overlap(one.real, other.real), [one, other]);
}

/** The problem names the folders behind the links; whoever mends it looks for what is written. */
function byLink(problem: Problem | undefined, sites: readonly Site<Rooted>[]): Problem | undefined {
  if (problem === undefined) return undefined;
  const written = sites.map(({ set }) => set.root).join(' and ');
  const message = `${problem.message}; a symbolic link leads there (the manifest says ${written})`;
  return { ...problem, message };
}

/** The first answer that is not `undefined`. */
function first<T, A>(items: readonly T[], ask: (item: T) => A | undefined): A | undefined {
  for (const item of items) {
    const answer = ask(item);
    if (answer !== undefined) return answer;
  }
  return undefined;
}
