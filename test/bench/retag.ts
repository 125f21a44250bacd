import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { AbsolutePath } from '#src/lib/brand.js';
import { compare } from './compare.js';
import type { Contender } from './compare.js';
import { runProgram } from './measure.js';
import { makeTrack } from './music.js';
import { FLAC2ALL } from './program.js';
import { withScratch } from './scratch.js';
import { setting } from './setting.js';
import { formatMs, formatRatio, printTable } from './table.js';

const MANIFEST = `version: 1
source: Lossless
outputs: [{ codec: flac, to: ours }]
policy: { minAge: 0s }
`;
const MANY = 10_000;

/**
 * Sources with other tags: their outputs are tagged anew, against encoding them, and against what has
 * to be read and written for it (sources and outputs read, outputs copied and synced) and nothing else.
 */
export async function retag(): Promise<void> {
  const files = setting('FILES', 300);
  const seconds = setting('SECONDS', 30);
  const repeats = setting('REPEATS', 3);
  await withScratch(async (folder) => {
    const names = makeLibrary(folder, { files, seconds });
    const retagged = retagOf(folder, names);
    const contenders = [encodeOf(folder), retagged, copyOf(folder, names)];
    const [encode, ours, floor] = await compare(contenders, repeats);
    if (encode === undefined || ours === undefined || floor === undefined) return;
    printTable(`retag: ${files} tracks of ${seconds} s as FLAC (target: ${MANY} in minutes)`, [
      ['retag', 'encode', 'RATIO', 'copy', 'RATIO', 'retag CPU', `${MANY} would take`],
      [
        formatMs(ours.wallMs),
        formatMs(encode.wallMs),
        formatRatio(ours.wallMs, encode.wallMs),
        formatMs(floor.wallMs),
        formatRatio(ours.wallMs, floor.wallMs),
        formatMs(ours.cpuMs),
        formatMs((ours.wallMs / files) * MANY),
      ],
    ]);
  });
}

/** The same track under many names. */
function makeLibrary(
  folder: AbsolutePath,
  { files, seconds }: { readonly files: number; readonly seconds: number },
): readonly string[] {
  const music = join(folder, 'Lossless');
  mkdirSync(music);
  makeTrack(folder, { name: 'track', seconds });
  const names = Array.from({ length: files }, (_, index) => `${index + 1}.flac`);
  for (const name of names) copyFileSync(join(folder, 'track.flac'), join(music, name));
  rmSync(join(folder, 'track.flac'));
  writeFileSync(join(folder, 'flac2all.yaml'), MANIFEST);
  writeFileSync(join(folder, 'names'), names.map((name) => `${name}\0`).join(''));
  return names;
}

function applyIn(folder: AbsolutePath): Contender['run'] {
  return () => runProgram([...FLAC2ALL, 'apply', '--yes'], { cwd: folder });
}

function encodeOf(folder: AbsolutePath): Contender {
  const apply = applyIn(folder);
  return {
    name: 'encode',
    run: () => {
      for (const made of ['ours', '.flac2all'])
        rmSync(join(folder, made), { recursive: true, force: true });
      return apply();
    },
  };
}

function retagOf(folder: AbsolutePath, names: readonly string[]): Contender {
  const apply = applyIn(folder);
  let round = 0;
  return {
    name: 'retag',
    run: () => {
      round += 1;
      const sources = names.map((name) => join(folder, 'Lossless', name));
      const tags = ['--remove-tag=ALBUM', `--set-tag=ALBUM=Take ${round}`];
      execFileSync('metaflac', [...tags, ...sources]);
      return apply();
    },
  };
}

function copyOf(folder: AbsolutePath, names: readonly string[]): Contender {
  const line =
    'sha256sum "Lossless/$1" && cp "ours/$1" "copies/$1" && sync "copies/$1" && sha256sum "copies/$1"';
  const xargs = `xargs -0 -P ${availableParallelism()} -n 1 -a names sh -c '${line}' sh`;
  return {
    name: `copy ${names.length} files`,
    run: () => {
      rmSync(join(folder, 'copies'), { recursive: true, force: true });
      mkdirSync(join(folder, 'copies'));
      return runProgram(['sh', '-c', xargs], { cwd: folder });
    },
  };
}
