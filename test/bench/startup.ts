import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare } from './compare.js';
import type { Contender } from './compare.js';
import { runProgram } from './measure.js';
import { FLAC2ALL } from './program.js';
import { withScratch } from './scratch.js';
import { setting } from './setting.js';
import { formatMb, formatMs, formatRatio, printTable } from './table.js';

/** What a command costs that has nothing to do, against Node alone. */
export async function startup(): Promise<void> {
  const repeats = setting('REPEATS', 9);
  await withScratch(async (folder) => {
    mkdirSync(join(folder, 'Lossless'));
    const outputs = 'outputs: [{ codec: opus, to: Lossy }]\n';
    writeFileSync(join(folder, 'flac2all.yaml'), `version: 1\nsource: Lossless\n${outputs}`);
    const contender = (name: string, argv: readonly string[]): Contender => ({
      name,
      run: () => runProgram(argv, { cwd: folder }),
    });
    const contenders = [
      contender('node alone', [process.execPath, '--eval', '0']),
      contender('--version', [...FLAC2ALL, '--version']),
      contender('--help', [...FLAC2ALL, '--help']),
      contender('validate', [...FLAC2ALL, 'validate']),
      contender('plan, no sources', [...FLAC2ALL, 'plan']),
      contender('apply, no sources', [...FLAC2ALL, 'apply', '--yes']),
    ];
    const costs = await compare(contenders, repeats);
    const floor = costs[0]?.cpuMs ?? 0;
    const rows = costs.map(({ wallMs, cpuMs, peakMb }, index) => [
      contenders[index]?.name ?? '',
      formatMs(wallMs),
      formatMs(cpuMs),
      formatMb(peakMb),
      formatRatio(cpuMs, floor),
    ]);
    printTable('startup', [['command', 'wall', 'CPU', 'peak', 'CPU RATIO'], ...rows]);
  });
}
