import type { AbsolutePath } from '#src/lib/brand.js';
import { compare } from './compare.js';
import type { Contender } from './compare.js';
import { runProgram } from './measure.js';
import { makeOutputs, makeSources, touchSources } from './mirrored-library.js';
import { FLAC2ALL } from './program.js';
import { withScratch } from './scratch.js';
import { setting } from './setting.js';
import { formatMb, formatMs, formatRatio, printTable } from './table.js';

/**
 * `plan` over a library and two mirrors of it: nothing made yet, all up to date, the same after the next
 * run, and some sources touched. The floor is what `find` takes to stat the same files.
 */
export async function plan(): Promise<void> {
  const sources = setting('SOURCES', 50_000);
  const repeats = setting('REPEATS', 5);
  const outputs = 2 * sources;
  const touched = Math.ceil(sources / 50);
  await withScratch(async (folder) => {
    await makeSources(folder, sources);
    const state = async (name: string, expected: string): Promise<readonly string[]> => {
      const contenders = [planOf(folder, expected), findOf(folder)];
      const [ours, floor] = await compare(contenders, repeats);
      if (ours === undefined || floor === undefined) throw new Error('nothing was measured');
      return [
        name,
        formatMs(ours.wallMs),
        formatMs(ours.cpuMs),
        formatMb(ours.peakMb),
        formatMs(floor.wallMs),
        formatRatio(ours.wallMs, floor.wallMs),
        formatRatio(ours.cpuMs, floor.cpuMs),
      ];
    };
    const rows = [await state('nothing made yet', `Plan: ${count(outputs)} to create`)];
    await makeOutputs(folder);
    rows.push(await state('all up to date', `No changes. ${count(outputs)} outputs`));
    // It finds nothing to do, and leaves an image of the ledger for the runs after it.
    await runProgram([...FLAC2ALL, 'apply', '--yes'], { cwd: folder });
    rows.push(await state('after a run', `No changes. ${count(outputs)} outputs`));
    touchSources(folder, touched);
    rows.push(await state(`${count(touched)} touched`, `No changes. ${count(outputs)} outputs`));
    const title = `plan: ${count(sources)} sources x 2 outputs (targets: up to date in 3 s, 300 MB)`;
    printTable(title, [['state', 'plan', 'CPU', 'peak', 'find', 'RATIO', 'CPU RATIO'], ...rows]);
  });
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function planOf(folder: AbsolutePath, expected: string): Contender {
  return {
    name: 'plan',
    run: async () => {
      const run = await runProgram([...FLAC2ALL, 'plan'], { cwd: folder, capture: true });
      if (!run.stdout.includes(expected)) throw new Error(`not "${expected}": ${run.stdout}`);
      return run;
    },
  };
}

/** Also the floor of anything that wants to know the stat of every file. */
export function findOf(folder: AbsolutePath): Contender {
  const argv = ['find', folder, '-type', 'f', '-printf', '%s %T@ %C@ %i %p\\n'];
  return { name: 'find', run: () => runProgram(argv, { cwd: folder }) };
}
