import { join } from 'node:path';
import type { AbsolutePath } from '#src/lib/brand.js';
import { identifySources } from '#src/sources/identify.js';
import { scanSources } from '#src/sources/scan.js';
import { compare } from './compare.js';
import type { Cost } from './measure.js';
import { makeSources } from './mirrored-library.js';
import { findOf } from './plan.js';
import { withScratch } from './scratch.js';
import { setting } from './setting.js';
import { formatMs, formatRate, formatRatio, printTable } from './table.js';

/** Finding all sources with their stats, and reading all their headers, against `find`. */
export async function scan(): Promise<void> {
  const sources = setting('SOURCES', 50_000);
  const repeats = setting('REPEATS', 5);
  await withScratch(async (folder) => {
    await makeSources(folder, sources);
    const root = join(folder, 'Lossless') as AbsolutePath;
    const costs = await compare(
      [
        { name: 'find', run: findOf(folder).run },
        { name: 'scan', run: () => timed(async () => void (await scanAll(root))) },
        { name: 'headers', run: () => readHeaders(root) },
      ],
      repeats,
    );
    const [find, stats, headers] = costs;
    if (find === undefined || stats === undefined || headers === undefined) return;
    const row = (name: string, { wallMs }: Cost): readonly string[] => [
      name,
      formatMs(wallMs),
      formatRate(sources, wallMs),
      formatRatio(wallMs, find.wallMs),
    ];
    printTable(`scan: ${sources.toLocaleString('en')} sources`, [
      ['step', 'wall', 'files', 'RATIO'],
      row('find -printf', find),
      row('scan: names and stats', stats),
      row('identify: all headers', headers),
    ]);
  });
}

async function scanAll(root: AbsolutePath) {
  const set = { name: 'source', root, include: ['**/*.flac'], exclude: [] };
  const scanned = await scanSources(set, { copy: [] });
  if (!scanned.ok) throw new Error(scanned.error.message);
  return scanned.value;
}

async function readHeaders(root: AbsolutePath): Promise<Cost> {
  const { files } = await scanAll(root);
  return timed(async () => void (await identifySources(files, () => [])));
}

/** What some work in this process took. */
export async function timed(work: () => Promise<void>): Promise<Cost> {
  const before = process.cpuUsage();
  const begin = performance.now();
  await work();
  const wallMs = performance.now() - begin;
  const { user, system } = process.cpuUsage(before);
  return { wallMs, cpuMs: (user + system) / 1000, peakMb: 0 };
}
