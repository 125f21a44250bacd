import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Ledger } from '#src/ledger/ledger.js';
import type { AbsolutePath } from '#src/lib/brand.js';
import { entryOf } from '../support/ledger-rig.js';
import { compare } from './compare.js';
import type { Cost } from './measure.js';
import { openBenchLedger } from './mirrored-library.js';
import { timed } from './scan.js';
import { withScratch } from './scratch.js';
import { setting } from './setting.js';
import { formatMs, formatRate, formatRatio, printTable } from './table.js';

const WRITERS = [1, 4, 64, 1024];

/**
 * Durable records a second, by how many callers wait for one at the same time; the floor is one
 * write and one fdatasync for each record.
 */
export async function journal(): Promise<void> {
  const records = setting('RECORDS', 4096);
  const syncs = setting('SYNCS', 200);
  const repeats = setting('REPEATS', 3);
  await withScratch(async (folder) => {
    const opened = await openBenchLedger(folder, join(folder, '.flac2all') as AbsolutePath);
    const [floor, ...costs] = await compare(
      [
        { name: 'fdatasync', run: () => timed(() => syncEach(folder, syncs)) },
        ...WRITERS.map((writers) => {
          const count = writers === 1 ? syncs : records;
          return { name: String(writers), run: () => timed(() => append(opened, writers, count)) };
        }),
      ],
      repeats,
    );
    await opened.close();
    if (floor === undefined) return;
    const row = (name: string, { wallMs }: Cost, count: number): readonly string[] => [
      name,
      formatMs(wallMs / count),
      formatRate(count, wallMs),
      formatRatio(floor.wallMs / syncs, wallMs / count),
    ];
    printTable('journal: durable records (RATIO: times as many as with one sync each)', [
      ['callers', 'a record', 'records', 'RATIO'],
      row('bare write + fdatasync', floor, syncs),
      ...costs.map((cost, index) => {
        const writers = WRITERS[index] ?? 0;
        return row(String(writers), cost, writers === 1 ? syncs : records);
      }),
    ]);
  });
}

async function append(ledger: Ledger, writers: number, count: number): Promise<void> {
  let next = 0;
  const write = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await ledger.updated(entryOf(`/music/out/${writers}-${next}.opus`, 'x'));
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
}

/** The same bytes as a record, each synced by itself. */
async function syncEach(folder: string, count: number): Promise<void> {
  const file = openSync(join(folder, 'floor'), 'a');
  const line = `${JSON.stringify(entryOf('/music/out/1.opus', 'x'))}\n`;
  for (let index = 0; index < count; index += 1) {
    writeSync(file, line);
    fdatasyncSync(file);
  }
  closeSync(file);
  return Promise.resolve();
}
