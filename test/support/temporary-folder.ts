import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { AbsolutePath } from '#src/lib/brand.js';

/** A folder of its own for a test, removed at its end. */
export function temporaryFolder(test: TestContext): AbsolutePath {
  const path = mkdtempSync(join(tmpdir(), 'flac2all-'));
  test.after(() => rmSync(path, { recursive: true, force: true }));
  return path as AbsolutePath;
}

/** Writes a file and the folders above it; returns its path. */
export function plant(root: string, rel: string, content: string | Uint8Array = ''): AbsolutePath {
  const path = join(root, rel);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path as AbsolutePath;
}
