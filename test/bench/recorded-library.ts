import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '#src/ledger/entry.js';
import type { AbsolutePath } from '#src/lib/brand.js';
import type { StatKey } from '#src/lib/stat-key.js';
import { loadManifest } from '#src/manifest/load.js';
import type { Manifest } from '#src/manifest/manifest.js';
import type { Desired } from '#src/plan/action.js';
import { wantedOutputs } from '#src/plan/wanted.js';
import { NO_TAGS } from '#src/sources/identity.js';
import type { AudioId, TagId } from '#src/sources/identity.js';
import type { ScannedFile } from '#src/sources/source.js';
import { sha256Of } from '../support/ledger-rig.js';

const TRACKS = 10;
const ALBUMS = 10;
export const MANIFEST_NAME = 'flac2all.yaml';
const MANIFEST = `version: 1
source: Lossless
profiles:
  phone: { codec: opus }
  car: { codec: mp3 }
outputs:
  - { profile: phone, to: Lossy/phone }
  - { profile: car, to: Lossy/car }
`;

/** How many outputs the manifest wants of each source. */
export const OUTPUTS_PER_SOURCE = 2;

/** The manifest of the library; written where it is missing. */
export async function manifestIn(folder: AbsolutePath): Promise<Manifest> {
  const file = join(folder, MANIFEST_NAME);
  if (!existsSync(file)) writeFileSync(file, MANIFEST);
  const loaded = await loadManifest(file);
  if (!loaded.ok) throw new Error(loaded.error.map(({ message }) => message).join('\n'));
  return loaded.value;
}

/** Ten tracks to an album, ten albums to an artist. */
export function sourceName(index: number): string {
  const album = Math.floor(index / TRACKS);
  const artist = Math.floor(album / ALBUMS);
  const track = String((index % TRACKS) + 1).padStart(2, '0');
  return `Artist ${artist}/Album ${album}/${track} - Title ${index}.flac`;
}

/** A source as a scan would find it; there is no such file. */
export function scannedFile({ sources }: Manifest, index: number): ScannedFile {
  const rel = sourceName(index);
  const nanoseconds = `1714564800${String(index).padStart(9, '0')}`;
  const stat = `${30_000_000 + index}:${nanoseconds}:${nanoseconds}:${1_000_000 + index}`;
  const path = whole(join(sources[0]?.root ?? '/', rel));
  return {
    rel: path.slice(path.length - rel.length),
    path: path as AbsolutePath,
    stat: whole(stat) as StatKey,
  };
}

/** In one piece, as what comes from the system is: V8 keeps a text that was put together in its pieces. */
function whole(text: string): string {
  return Buffer.from(text).toString();
}

/** The row of an output that was made of it: of its outputs one after the other. */
export function recordedEntry(manifest: Manifest, index: number): Entry {
  const source = Math.floor(index / OUTPUTS_PER_SOURCE);
  const file = scannedFile(manifest, source);
  const desired = wantedOf(manifest, file)[index % OUTPUTS_PER_SOURCE];
  if (desired === undefined) throw new Error('the manifest wants nothing');
  const md5 = source.toString(16).padStart(32, '0');
  return {
    path: desired.output,
    set: desired.set.name,
    source: {
      path: file.path,
      stat: file.stat,
      audioId: `flac:${md5.slice(1)}f/${10_000_000 + source}/44100/2/16` as AudioId,
      tagId: `v:${md5.slice(16)},p:-,c:-` as TagId,
      sha256: sha256Of(file.rel),
    },
    recipe: desired.set.profile.recipe,
    encoder: `${desired.set.profile.codec} 1.0`,
    output: {
      stat: file.stat.replace(/^3/, '') as StatKey,
      sha256: sha256Of(desired.output),
      samples: 10_000_000,
    },
    made: { at: '2024-05-01T12:00:00.000Z', run: 'bench', worker: `here/${index % 4}`, ms: 4321 },
  };
}

function wantedOf(manifest: Manifest, file: ScannedFile): readonly Desired[] {
  const identity = { audioId: 'flac:' as AudioId, tagId: NO_TAGS };
  const fact = { ...file, identity, audio: undefined, fields: undefined, problem: undefined };
  const [source] = manifest.sources;
  return wantedOutputs(manifest, new Map([[source?.name ?? '', { files: [fact], sidecars: [] }]]));
}
