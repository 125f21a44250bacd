import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const RATE = 8000;
const BATCH = 24;

/** How one file is to be decoded: options of ffmpeg before it, and what comes out. */
export interface Decoding {
  readonly path: string;
  readonly input?: readonly string[];
  readonly output: readonly string[];
}

/** How long audio files really are, in seconds: decoded by ffmpeg, the samples counted. */
export function secondsOf(
  paths: readonly string[],
  inputOf: (path: string) => readonly string[] = () => [],
): ReadonlyMap<string, number> {
  const output = ['-ac', '1', '-ar', String(RATE), '-f', 'u8'];
  const decodings = paths.map((path) => ({ path, input: inputOf(path), output }));
  const lengths = decodeEach(decodings, (raw) => statSync(raw).size / RATE);
  return new Map(paths.map((path, at) => [path, lengths[at] ?? Number.NaN] as const));
}

/** Decodes each, many by one process; returns what `use` makes of the raw audio, which then goes. */
export function decodeEach<T>(
  decodings: readonly Decoding[],
  use: (raw: string, at: number) => T,
): readonly T[] {
  const folder = mkdtempSync(join(tmpdir(), 'flac2all-length-'));
  const found: T[] = [];
  try {
    for (let start = 0; start < decodings.length; start += BATCH) {
      const decoded = decode(decodings.slice(start, start + BATCH), folder);
      decoded.forEach((raw, at) => found.push(use(raw, start + at)));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return found;
}

function decode(decodings: readonly Decoding[], folder: string): readonly string[] {
  const raw = decodings.map((_, at) => join(folder, String(at)));
  const inputs = decodings.flatMap(({ path, input = [] }) => [...input, '-i', path]);
  const outputs = decodings.flatMap(({ output }, at) => {
    return ['-map', `${at}:a:0`, ...output, raw[at] ?? ''];
  });
  const done = spawnSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...inputs, ...outputs], {
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`ffmpeg could not decode outputs:\n${done.stderr}`);
  return raw;
}

/** Decodes FLAC files by flac, which checks each frame and the MD5 of the samples. */
export function assertSound(paths: readonly string[]): void {
  const done = spawnSync('flac', ['-s', '-t', ...paths], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`flac refuses outputs:\n${done.stderr}`);
}

export interface StreamFacts {
  readonly md5: string;
  readonly samples: number;
}

/** STREAMINFO of FLAC files as metaflac reads it. */
export function streamInfosOf(paths: readonly string[]): ReadonlyMap<string, StreamFacts> {
  const asked = ['--no-filename', '--show-md5sum', '--show-total-samples'];
  const done = spawnSync('metaflac', [...asked, ...paths], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`metaflac refuses files:\n${done.stderr}`);
  const values = done.stdout.trimEnd().split('\n');
  return new Map(
    paths.map((path, at) => {
      return [path, { md5: values[2 * at] ?? '', samples: Number(values[2 * at + 1]) }] as const;
    }),
  );
}

/** Digests of the encoded audio, whatever the tags and the containers say; all by one process. */
export function audioPacketsOf(paths: readonly string[]): readonly string[] {
  const inputs = paths.flatMap((path) => ['-i', path]);
  const streams = paths.flatMap((_, at) => ['-map', `${at}:a:0`]);
  const output = ['-c', 'copy', '-f', 'streamhash', '-hash', 'md5', '-'];
  const args = ['-nostdin', '-v', 'error', ...inputs, ...streams, ...output];
  const done = spawnSync('ffmpeg', args, { encoding: 'utf8' });
  const hashes = done.stdout.trimEnd().split('\n');
  if (done.status !== 0 || hashes.length !== paths.length) {
    throw new Error(`ffmpeg cannot read all of ${paths.join(', ')}:\n${done.stderr}`);
  }
  return hashes.map((line) => line.slice(line.indexOf('=') + 1));
}
