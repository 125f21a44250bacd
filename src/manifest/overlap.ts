import { relative } from 'node:path';
import { matcher } from '../lib/glob.js';
import { isWithin } from '../lib/path-within.js';
import type { Problem } from './failure.js';
import type { OutputSet, SourceSet } from './manifest.js';

/** What is wrong with where an output lies, seen from one source, or `undefined`. */
export function sourceOverlap(output: OutputSet, source: SourceSet): Problem | undefined {
  if (output.root === source.root) {
    return overlap(
      `output "${output.name}" writes into the folder of source "${source.name}" itself`,
      'give the output a folder of its own, beside the source',
    );
  }
  if (isWithin(output.root, source.root) && !isExcluded(output, source)) {
    const path = relative(source.root, output.root);
    return overlap(
      `output "${output.name}" writes into source "${source.name}": "${path}" lies below ${source.root}`,
      `write beside the source, or add "${path}/**" to its exclude`,
    );
  }
  if (isWithin(source.root, output.root)) {
    return overlap(
      `source "${source.name}" lies inside output "${output.name}": ${source.root} is below ${output.root}`,
      'give the output a folder of its own, beside the source',
    );
  }
  return undefined;
}

/** What is wrong with two outputs that write to the same folder, or `undefined`. */
export function outputOverlap(former: OutputSet, output: OutputSet): Problem | undefined {
  if (former.root !== output.root || former.from !== output.from) return undefined;
  if (extension(former) === extension(output)) {
    return overlap(
      `outputs "${former.name}" and "${output.name}" write the same files: both .${extension(output)} into ${output.root}`,
      'give each a folder of its own, for example with {profile} in "to"',
    );
  }
  for (const [key, patterns] of TAKEN_OVER) {
    if (patterns(former).length === 0 || patterns(output).length === 0) continue;
    return overlap(
      `outputs "${former.name}" and "${output.name}" both copy files into ${output.root}`,
      `keep "${key}" in one of them`,
    );
  }
  return undefined;
}

/** Keys of an output for files that are not converted. */
const TAKEN_OVER: readonly (readonly [string, (output: OutputSet) => readonly string[]])[] = [
  ['copy', ({ copy }) => copy],
  ['passthrough', ({ passthrough }) => passthrough.files],
  ['playlists', ({ playlists }) => playlists],
];

/** What is wrong with a source or output that lies where the ledger is kept, or `undefined`. */
export function stateOverlap(what: string, root: string, state: string): Problem | undefined {
  if (!isWithin(root, state)) return undefined;
  return overlap(
    `${what} lies in ${state}, where flac2all keeps its ledger`,
    'take another folder',
  );
}

/** `copy` keeps that of the source. */
function extension({ profile }: OutputSet): string {
  return profile.extension ?? 'flac';
}

/** True when no file below the output's folder, however deep, can be a source. */
function isExcluded(output: OutputSet, source: SourceSet): boolean {
  const excluded = matcher(source.exclude);
  const path = relative(source.root, output.root);
  const extensions = output.passthrough.files.length > 0 ? ['flac', extension(output)] : ['flac'];
  return extensions
    .flatMap((name) => [`${path}/x.${name}`, `${path}/x/x.${name}`])
    .every((file) => excluded(file));
}

function overlap(message: string, hint: string): Problem {
  return { code: 'MANIFEST_OVERLAP', message, hint };
}
