import { dirname } from 'node:path';
import type { AbsolutePath } from '../lib/brand.js';
import type { Manifest } from '../manifest/manifest.js';

/** The folder that the ledger's relative paths start from, so that it can be moved as a whole. */
export function folderOf(manifest: Manifest): AbsolutePath {
  return dirname(manifest.file) as AbsolutePath;
}
