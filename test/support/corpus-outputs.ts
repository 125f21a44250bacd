import { join } from 'node:path';
import type { Library } from './library.js';

const EXTENSIONS = { opus: 'opus', vorbis: 'ogg', mp3: 'mp3', flac: 'flac', aac: 'm4a' } as const;

/** A codec that the corpus is converted into. */
export type CorpusCodec = keyof typeof EXTENSIONS;
export const CORPUS_CODECS: readonly CorpusCodec[] = Object.keys(EXTENSIONS) as CorpusCodec[];

type ManifestContent = Parameters<Library['manifest']>[0];

/** A manifest that converts the whole corpus into each codec. */
export function corpusManifest(root: string): ManifestContent {
  const all = ['good', 'ogg', 'broken'].flatMap((from) =>
    CORPUS_CODECS.map((codec) => ({ codec, from, to: `./out/${codec}/${from}` })),
  );
  return {
    sources: {
      good: { path: join(root, 'good') },
      // Apart: some have the name of a file in good.
      ogg: { path: join(root, 'good'), include: ['**/*.oga'] },
      broken: { path: join(root, 'broken') },
    },
    outputs: all as unknown as ManifestContent['outputs'],
  };
}

/** Where the output of a file of the corpus is, relative to the manifest. */
export function corpusOutput(name: string, codec: CorpusCodec): string {
  const stem = name.replace(/^good(?=.*\.oga$)/, 'ogg').replace(/\.[^.]+$/, '');
  return `out/${codec}/${stem}.${EXTENSIONS[codec]}`;
}
