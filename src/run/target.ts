import type { AbsolutePath } from '../lib/brand.js';
import { matcher } from '../lib/glob.js';
import type { Manifest } from '../manifest/manifest.js';

/** Tells whether a pattern selects a path, absolute or relative to the source or output root it is in. */
export function targetMatcher(
  manifest: Manifest,
  patterns: readonly string[],
): (path: AbsolutePath) => boolean {
  const matches = matcher(patterns);
  const roots = [...manifest.sources, ...manifest.outputs].map(({ root }) => `${root}/`);
  return (path) =>
    matches(path) ||
    roots.some((root) => path.startsWith(root) && matches(path.slice(root.length)));
}
