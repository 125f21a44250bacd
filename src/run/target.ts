import type { AbsolutePath } from '../lib/brand.js';
import { literalPattern, matcher, splitPatterns } from '../lib/glob.js';
import type { Manifest } from '../manifest/manifest.js';

type Roots = Pick<Manifest, 'sources' | 'outputs'>;
type Selects = (path: AbsolutePath) => boolean;

/** Tells whether a pattern selects a path, absolute or relative to the source or output root it is in. */
export function targetMatcher(manifest: Roots, patterns: readonly string[]): Selects {
  const matches = matcher(patterns);
  const roots = [...manifest.sources, ...manifest.outputs].map(({ root }) => `${root}/`);
  return (path) =>
    matches(path) ||
    roots.some((root) => path.startsWith(root) && matches(path.slice(root.length)));
}

/**
 * The same, where the plain name of a folder stands for all that is below it too, and a `!` in front
 * takes away what is selected by the other form of its path as well.
 */
export function targetSelector(manifest: Roots, targets: readonly string[]): Selects {
  const { wanted, unwanted } = splitPatterns(targets);
  const selects = targetMatcher(manifest, wanted.flatMap(withFolder));
  const isUnwanted = targetMatcher(manifest, unwanted.flatMap(withFolder));
  return (path) => selects(path) && !isUnwanted(path);
}

function withFolder(target: string): readonly string[] {
  if (target === '') return [];
  const isPlain = literalPattern(target) === target;
  return isPlain ? [target, `${target.replace(/\/+$/, '')}/**`] : [target];
}

/**
 * The targets that select none of the paths, once those with a `!` have taken away theirs. Those with a
 * `!` select nothing by themselves, and are named where there is no other.
 */
export function unmatchedTargets(
  manifest: Roots,
  targets: readonly string[],
  paths: Iterable<AbsolutePath>,
): readonly string[] {
  const unwanted = targets.filter(takesAway);
  const wanted = targets.filter((target) => !takesAway(target));
  if (wanted.length === 0) return unwanted;
  const open = new Map(
    wanted.map((target) => [target, targetSelector(manifest, [target, ...unwanted])]),
  );
  for (const path of paths) {
    for (const [target, selects] of open) if (selects(path)) open.delete(target);
    if (open.size === 0) break;
  }
  return [...open.keys()];
}

function takesAway(target: string): boolean {
  return splitPatterns([target]).unwanted.length > 0;
}
