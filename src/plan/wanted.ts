import { posix } from 'node:path';
import type { Manifest, OutputSet } from '../manifest/manifest.js';
import { matcher } from '../lib/glob.js';
import { inOnePiece } from '../lib/in-one-piece.js';
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

/** Every output that the manifest wants, in the order of its outputs and of the sources' paths. */
export function wantedOutputs(
  manifest: Manifest,
  sources: ReadonlyMap<string, SourceFacts>,
): readonly Desired[] {
  const wanted: Desired[] = [];
  for (const set of manifest.outputs) {
    const facts = sources.get(set.from);
    if (facts !== undefined) addWanted(set, facts, wanted);
  }
  return wanted;
}

function addWanted(set: OutputSet, facts: SourceFacts, wanted: Desired[]): void {
  const folders = new Map<string, string>();
  const pictureOf = folderPictures(set, facts.sidecars);
  for (const source of facts.files) {
    const output = inOnePiece(outputPath(set, source));
    if (set.layout !== 'mirror' && !folders.has(posix.dirname(source.rel))) {
      folders.set(posix.dirname(source.rel), posix.relative(set.root, posix.dirname(output)));
    }
    const folderPicture = pictureOf(source.rel);
    const wish = { output, set, source, sidecar: false };
    wanted.push(folderPicture === undefined ? wish : { ...wish, folderPicture });
  }
  if (copiedPatterns(set).length === 0) return;
  const kindOf = sidecarKinds(set);
  for (const source of facts.sidecars) {
    const kind = kindOf(source.rel);
    if (kind === undefined) continue;
    const flat = set.layout === 'flat' && kind.isAudio;
    const folder = flat ? '' : folders.get(posix.dirname(source.rel));
    const output = inOnePiece(sidecarPath(set, source.rel, folder));
    wanted.push({ output, set, source, sidecar: true, ...kind.how });
  }
}

/** Patterns of all files that an output set takes besides its sources. */
export function copiedPatterns({ copy, passthrough, playlists }: OutputSet): readonly string[] {
  return [...copy, ...passthrough.files, ...playlists];
}

interface SidecarKind {
  readonly isAudio: boolean;
  readonly how: Pick<Desired, 'shared' | 'playlist'>;
}

/** What becomes of a file that is no source; a pattern of `copy` says it first. */
function sidecarKinds(set: OutputSet): (rel: string) => SidecarKind | undefined {
  const isCopied = matcher(set.copy);
  const isPlaylist = matcher(set.playlists);
  const isAudio = matcher(set.passthrough.files);
  const shared = set.passthrough.how === 'link' ? { shared: true as const } : {};
  return (rel) => {
    if (isCopied(rel)) return { isAudio: false, how: {} };
    if (isPlaylist(rel)) return { isAudio: false, how: { playlist: 'unread' } };
    return isAudio(rel) ? { isAudio: true, how: shared } : undefined;
  };
}
