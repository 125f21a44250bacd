import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What is known of a file of the corpus. */
export interface CorpusFile {
  readonly verdict: 'convert' | 'exotic' | 'lenient' | 'empty' | 'fail' | 'not-flac';
  readonly expected_samples: number | null;
  readonly expected_duration: number | null;
  readonly sample_rate: number | null;
  readonly bits: number | null;
  readonly channels: number | null;
  readonly streaminfo_md5: string | null;
  readonly pictures: number;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Corpus {
  readonly root: string;
  /** By path relative to the root. */
  readonly files: Readonly<Record<string, CorpusFile>>;
}

const root =
  process.env['FLAC2ALL_CORPUS'] ?? resolve(import.meta.dirname, '../../../../shared/corpus');

/** The real FLAC files that tests judge by; `undefined` where they are not installed. */
export const corpus: Corpus | undefined = existsSync(join(root, 'expected.json'))
  ? read()
  : undefined;

/** For `node:test`: why tests of the corpus are skipped, or `false`. */
export const corpusMissing: string | false =
  corpus === undefined ? `no corpus at ${root} (set FLAC2ALL_CORPUS)` : false;

function read(): Corpus {
  const { files } = JSON.parse(readFileSync(join(root, 'expected.json'), 'utf8')) as Pick<
    Corpus,
    'files'
  >;
  return { root, files };
}
