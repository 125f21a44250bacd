import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AbsolutePath } from '#src/lib/brand.js';
import { entryOf } from '../support/ledger-rig.js';
import { compare } from './compare.js';
import { runProgram } from './measure.js';
import { openBenchLedger } from './mirrored-library.js';
import { timed } from './scan.js';
import { withScratch } from './scratch.js';
import { setting } from './setting.js';
import { formatMb, formatMs, formatRatio, printTable } from './table.js';

const READER = fileURLToPath(new URL('./read-ledger.js', import.meta.url));
const AT_ONCE = 20_000;

/**
 * Loading a ledger, against reading and parsing its lines and nothing else; and changing a thousand
 * rows of it, against writing those rows once.
 */
export async function ledger(): Promise<void> {
  const sizes = [setting('ROWS', 100_000), setting('MANY_ROWS', 1_000_000)];
  const changes = setting('CHANGES', 1000);
  const repeats = setting('REPEATS', 3);
  const rows: string[][] = [];
  for (const size of sizes) {
    await withScratch(async (folder) => {
      const state = join(folder, '.flac2all') as AbsolutePath;
      await update(folder, state, { from: 0, count: size });
      const reader = (mode: string) => ({
        name: mode,
        run: () => runProgram([process.execPath, READER, mode, state], { cwd: folder }),
      });
      const [load, floor, none] = await compare(['load', 'parse', 'none'].map(reader), repeats);
      const written = bytesWritten();
      const change = await timed(() => update(folder, state, { from: 0, count: changes }));
      const bytes = bytesWritten() - written;
      const row = JSON.stringify(benchEntry(0)).length;
      if (load === undefined || floor === undefined || none === undefined) return;
      rows.push([
        size.toLocaleString('en'),
        formatMs(load.wallMs - none.wallMs),
        formatMs(floor.wallMs - none.wallMs),
        formatRatio(load.wallMs - none.wallMs, floor.wallMs - none.wallMs),
        formatMb(load.peakMb),
        formatMs(change.wallMs),
        `${(bytes / 1e6).toFixed(1)} MB`,
        formatRatio(bytes, changes * row),
      ]);
    });
  }
  printTable(`ledger: load (RATIO to parsing alone), and ${changes} rows changed`, [
    ['rows', 'load', 'parse', 'RATIO', 'peak', 'open, change, close', 'written', 'AMPLIFICATION'],
    ...rows,
  ]);
}

function benchEntry(index: number): ReturnType<typeof entryOf> {
  const name = `Artist ${Math.floor(index / 200)}/Album ${Math.floor(index / 20)}/${index % 20} Title ${index}`;
  return entryOf(`/music/out/${name}.opus`, name);
}

async function update(
  folder: AbsolutePath,
  state: AbsolutePath,
  { from, count }: { readonly from: number; readonly count: number },
): Promise<void> {
  const opened = await openBenchLedger(folder, state);
  for (let at = from; at < from + count; at += AT_ONCE) {
    const size = Math.min(AT_ONCE, from + count - at);
    const entries = Array.from({ length: size }, (_, index) => benchEntry(at + index));
    await Promise.all(entries.map((entry) => opened.updated(entry)));
  }
  await opened.close();
}

/** What this process has handed to write calls so far. */
function bytesWritten(): number {
  return Number(/wchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}
