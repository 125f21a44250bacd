import { execFileSync } from 'node:child_process';

/** The shape of a test tone; every field has a default. */
export interface ToneShape {
  readonly frames?: number;
  readonly sampleRate?: number;
  readonly channels?: number;
  readonly bits?: 8 | 16 | 24;
  /** Further arguments of flac: tags, pictures, block size. */
  readonly args?: readonly string[];
}

/** Writes a FLAC file with a tone under some noise; the same shape has the same bytes. */
export function writeTone(path: string, shape: ToneShape = {}): void {
  const { frames = 44_100, sampleRate = 44_100, channels = 2, bits = 16, args = [] } = shape;
  const format = [`--bps=${bits}`, `--channels=${channels}`, `--sample-rate=${sampleRate}`];
  execFileSync(
    'flac',
    [
      ...'-s -f --lax --force-raw-format --endian=little --sign=signed'.split(' '),
      ...format,
      ...args,
      '-o',
      path,
      '-',
    ],
    { input: samples(frames, channels, bits / 8), stdio: ['pipe', 'ignore', 'inherit'] },
  );
}

function samples(frames: number, channels: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(frames * channels * bytes);
  const peak = 2 ** (bytes * 8 - 1) - 1;
  let noise = 1;
  for (let index = 0; index < frames * channels; index += 1) {
    noise = (noise * 1_103_515_245 + 12_345) % 2 ** 31;
    const wave = Math.sin(index / 30) * 0.5 + (noise / 2 ** 31 - 0.5) * 0.1;
    buffer.writeIntLE(Math.round(wave * peak), index * bytes, bytes);
  }
  return buffer;
}
