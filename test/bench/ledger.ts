import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AbsolutePath } from '#src/lib/brand.js';
import type { Manifest } from '#src/manifest/manifest.js';
import { compare } from './compare.js';
import { runProgram } from './measure.js';
import { openBenchLedger } from './mirrored-library.js';
import { manifestIn, recordedEntry } from './recorded-library.js';
import { timed } from './scan.js';
import { withScratch } from './scratch.js';
import { setting } from './setting.js';
import { formatMb, formatMs, formatRatio, printTable } from './table.js';

const READER = fileURLToPath(new URL('./read-ledger.js', import.meta.url));
const AT_ONCE = 20_000;

/**
 * Loading a ledger, against reading and parsing its lines and nothing else; planning with it for a
 * library of which all is up to date, without looking at any file; the same with an image; and changing
 * a thousand rows of it, against writing those rows once.
 */
export async function ledger(): Promise<void> {
  const sizes = [setting('ROWS', 100_000), setting('MANY_ROWS', 1_000_000)];
  const changes = setting('CHANGES', 1000);
  const repeats = setting('REPEATS', 3);
  const read: string[][] = [];
  const changed: string[][] = [];
  for (const size of sizes) {
    await withScratch(async (folder) => {
      const manifest = await manifestIn(folder);
      await update(manifest, size);
      const rows = size.toLocaleString('en');
      const reader = (mode: string) => ({
        name: mode,
        run: () =>
          runProgram([process.execPath, READER, mode, manifest.stateDirectory, String(size)], {
            cwd: folder,
          }),
      });
      const measure = async (name: string): Promise<void> => {
        const costs = await compare(['load', 'parse', 'plan', 'walk', 'none'].map(reader), repeats);
        const [load, floor, plan, walk, none] = costs;
        if (!load || !floor || !plan || !walk || !none) throw new Error('nothing was measured');
        read.push([
          name,
          formatMs(load.wallMs - none.wallMs),
          formatMs(floor.wallMs - none.wallMs),
          formatRatio(load.wallMs - none.wallMs, floor.wallMs - none.wallMs),
          formatMb(load.peakMb),
          formatMs(plan.wallMs - walk.wallMs),
          formatMs(plan.cpuMs - walk.cpuMs),
          formatMb(plan.peakMb),
        ]);
      };
      await measure(rows);
      // The next run leaves an image for those after it.
      await update(manifest, 0);
      await measure(`${rows}, image`);
      const written = bytesWritten();
      const change = await timed(() => update(manifest, changes));
      const bytes = bytesWritten() - written;
      const row = JSON.stringify(recordedEntry(manifest, 0)).length;
      changed.push([
        rows,
        formatMs(change.wallMs),
        `${(bytes / 1e6).toFixed(1)} MB`,
        formatRatio(bytes, changes * row),
      ]);
    });
  }
  printTable(
    'ledger: load (RATIO to parsing alone), and an empty plan without the walk (target: 1,000,000 rows in 8 s, 700 MB)',
    [['rows', 'load', 'parse', 'RATIO', 'peak', 'empty plan', 'CPU', 'peak'], ...read],
  );
  printTable(`ledger: ${changes} rows changed`, [
    ['rows', 'open, change, close', 'written', 'AMPLIFICATION'],
    ...changed,
  ]);
}

async function update(manifest: Manifest, count: number): Promise<void> {
  const folder = dirname(manifest.file) as AbsolutePath;
  const opened = await openBenchLedger(folder, manifest.stateDirectory);
  for (let at = 0; at < count; at += AT_ONCE) {
    const size = Math.min(AT_ONCE, count - at);
    const entries = Array.from({ length: size }, (_, index) => recordedEntry(manifest, at + index));
    await Promise.all(entries.map((entry) => opened.updated(entry)));
  }
  await opened.close();
}

/** What this process has handed to write calls so far. */
function bytesWritten(): number {
  return Number(/wchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}
