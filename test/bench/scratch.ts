import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AbsolutePath } from '#src/lib/brand.js';

/** Runs `use` with a folder of its own that is removed afterwards. `BENCH_TMP` says where. */
export async function withScratch(use: (folder: AbsolutePath) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(process.env['BENCH_TMP'] ?? tmpdir(), 'flac2all-bench-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const onSignal = (): void => {
    remove();
    process.exit(130);
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    await use(folder as AbsolutePath);
  } finally {
    remove();
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
