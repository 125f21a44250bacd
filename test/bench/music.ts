import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../support/seeded-random.js';

const RATE = 44_100;
/** As large as covers are; only its size matters. */
const COVER_BYTES = 400_000;
/** Head of a PNG file of 600 x 600 pixels: enough for flac to take it as a picture. */
const PNG_HEAD = Buffer.from(
  '89504e470d0a1a0a0000000d494844520000025800000258080200000031040f8b',
  'hex',
);

export interface Track {
  readonly name: string;
  readonly seconds: number;
}

/** Writes a FLAC file of chords in noise that swells and fades, with tags and a cover. */
export function makeTrack(folder: string, { name, seconds }: Track): void {
  const raw = join(folder, `${name}.raw`);
  const cover = join(folder, `${name}.png`);
  writeFileSync(raw, samples(seconds));
  writeFileSync(cover, Buffer.concat([PNG_HEAD, Buffer.alloc(COVER_BYTES)]));
  const tags = ['ARTIST=The Noisy Tones', 'ALBUM=Overheads', `TITLE=${name}`, 'DATE=2024'];
  const form = ['--endian=little', '--sign=signed', '--channels=2', '--bps=16'];
  execFileSync('flac', [
    '--silent',
    '--force-raw-format',
    ...form,
    `--sample-rate=${RATE}`,
    ...tags.map((tag) => `--tag=${tag}`),
    `--picture=${cover}`,
    `--output-name=${join(folder, `${name}.flac`)}`,
    raw,
  ]);
  rmSync(raw);
  rmSync(cover);
}

/** Stereo, 16 bit: four tones that change each half second, and noise, over a slow swell. */
function samples(seconds: number): Buffer {
  const random = seededRandom(seconds);
  const frames = seconds * RATE;
  const bytes = Buffer.allocUnsafe(frames * 4);
  const pitches = [0, 0, 0, 0];
  for (let frame = 0; frame < frames; frame += 1) {
    if (frame % (RATE / 2) === 0) {
      for (const tone of pitches.keys())
        pitches[tone] = 110 * 2 ** (Math.floor(random() * 36) / 12);
    }
    const swell = 0.6 + 0.4 * Math.sin(frame / RATE);
    let left = random() - 0.5;
    let right = random() - 0.5;
    for (const [tone, pitch] of pitches.entries()) {
      const value = Math.sin((2 * Math.PI * pitch * frame) / RATE);
      left += value * (tone + 1) * 0.3;
      right += value * (4 - tone) * 0.3;
    }
    bytes.writeInt16LE(Math.round(left * swell * 6000), frame * 4);
    bytes.writeInt16LE(Math.round(right * swell * 6000), frame * 4 + 2);
  }
  return bytes;
}
