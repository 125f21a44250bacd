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

const SLASH = 0x2f;

/**
 * Whether these bytes are what `store` makes of a path. It may be stored otherwise when the base is not
 * where it was, and a path that was outside is below it now.
 */
export function isStoredForm(
  { store, restore }: StoredPaths,
  bytes: Buffer,
  { from, to }: { readonly from: number; readonly to: number },
): boolean {
  if (from < to && bytes[from] !== SLASH) return true;
  const stored = bytes.toString('utf8', from, to);
  return store(restore(stored)) === stored;
}
