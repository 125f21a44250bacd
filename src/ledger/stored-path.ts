import type { AbsolutePath } from '../lib/brand.js';

/**
 * Paths as the ledger stores them: below `base` relative to it, so that a folder may be moved with
 * its manifest, all others absolute. The stored form is for the disk only.
 */
export interface StoredPaths {
  readonly store: (path: AbsolutePath) => string;
  readonly restore: (stored: string) => AbsolutePath;
}

/** Stores paths relative to `base`, an absolute normal path. */
export function storedPaths(base: AbsolutePath): StoredPaths {
  const prefix = base.endsWith('/') ? base : `${base}/`;
  return {
    store(path) {
      if (path === base) return '.';
      return path.startsWith(prefix) ? path.slice(prefix.length) : path;
    },
    restore(stored) {
      if (stored === '.') return base;
      return (stored.startsWith('/') ? stored : prefix + stored) as AbsolutePath;
    },
  };
}
