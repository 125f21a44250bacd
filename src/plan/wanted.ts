import { posix } from 'node:path';
import type { AbsolutePath } from '../lib/brand.js';
import type { Manifest, OutputSet } from '../manifest/manifest.js';
import { matcher } from '../lib/glob.js';
import type { SourceFact } from '../sources/source.js';
import type { Desired } from './action.js';
import { folderPictures } from './folder-pictures.js';
import { outputPath, sidecarPath } from './output-path.js';

/** What one source set holds. */
export interface SourceFacts {
  readonly files: readonly SourceFact[];
  /** Files that some output set copies, and pictures that may be covers. */
  readonly sidecars: readonly SourceFact[];
}

/** What is recorded of outputs, by path. */
type Recorded = ReadonlyMap<AbsolutePath, { readonly path: AbsolutePath }>;

/**
 * Every output that the manifest wants, in the order of its outputs and of the sources' paths. Paths
 * that are recorded are the recorded strings: that saves their memory, and makes equal paths cheap to
 * compare.
 */
export function wantedOutputs(
  manifest: Manifest,
  sources: ReadonlyMap<string, SourceFacts>,
  recorded: Recorded,
): readonly Desired[] {
  return manifest.outputs.flatMap((set) => {
    const facts = sources.get(set.from);
    return facts === undefined ? [] : wantedOfSet(set, facts, recorded);
  });
}

function wantedOfSet(set: OutputSet, facts: SourceFacts, recorded: Recorded): Desired[] {
  const folders = new Map<string, string>();
  const pictureOf = folderPictures(set, facts.sidecars);
  const wanted: Desired[] = facts.files.map((source) => {
    const path = outputPath(set, source);
    const output = recorded.get(path)?.path ?? path;
    if (set.layout !== 'mirror' && !folders.has(posix.dirname(source.rel))) {
      folders.set(posix.dirname(source.rel), posix.relative(set.root, posix.dirname(output)));
    }
    const folderPicture = pictureOf(source.rel);
    const wish = { output, set, source, sidecar: false };
    return folderPicture === undefined ? wish : { ...wish, folderPicture };
  });
  if (set.copy.length === 0) return wanted;
  const copied = matcher(set.copy);
  for (const source of facts.sidecars) {
    if (!copied(source.rel)) continue;
    const output = sidecarPath(set, source.rel, folders.get(posix.dirname(source.rel)));
    wanted.push({ output, set, source, sidecar: true });
  }
  return wanted;
}
