import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Outcome } from '#src/task/task.js';
import { decodeEach, secondsOf } from '../support/length.js';
import { makeFlac } from '../support/flac-builder.js';
import { run, taskOf } from '../support/task-rig.js';
import { writeTone } from '../support/tone.js';
import type { ToneShape } from '../support/tone.js';

/** The usual codecs, and one of ffmpeg's for each way in which its limits are found. */
const CODECS = [
  ...['opus', 'vorbis', 'mp3', 'flac', 'aac'],
  ...['wmav2', 'wavpack', 'libopus'].map((name) => `ffmpeg:${name}`),
];

/** Sources that are odd but whole: each must be made. */
const WHOLE: Readonly<Record<string, ToneShape>> = {
  mono: { channels: 1, frames: 30_001 },
  'eight channels': { channels: 8, frames: 20_001, sampleRate: 48_000 },
  'three channels': { channels: 3, frames: 44_100 },
  'an odd rate': { sampleRate: 8298, frames: 8298 },
  'a low rate': { sampleRate: 8000, frames: 9001 },
  'a high rate': { sampleRate: 192_000, frames: 60_000, bits: 24 },
  '8 bits': { bits: 8, frames: 30_001, channels: 1 },
};

/** What is odd in how these are read is over when the decoder has read them: five codecs show it. */
const READING: ReadonlySet<string> = new Set([
  'unknown length',
  'no MD5',
  'ID3v2 in front',
  'ID3v1 behind',
]);

interface Source {
  readonly path: string;
  readonly frames: number;
  readonly seconds: number;
}

let folder = '';
const sources = new Map<string, Source>();

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'flac2all-inputs-'));
  const add = (name: string, frames: number, sampleRate = 44_100): string => {
    const path = join(folder, `${name}.flac`);
    sources.set(name, { path, frames, seconds: frames / sampleRate });
    return path;
  };
  for (const [name, shape] of Object.entries(WHOLE)) {
    const { frames = 44_100, sampleRate = 44_100 } = shape;
    writeTone(add(name, frames, sampleRate), shape);
  }
  write32Bits(add('32 bits', 44_100), 44_100);
  for (const bits of [12, 20]) {
    const sample = (index: number): number => Math.round(Math.sin(index / 30) * 2 ** (bits - 2));
    writeFileSync(add(`${bits} bits`, 44_100), makeFlac({ bits, length: 44_100, sample }));
  }
  const plain = readFileSync(sources.get('mono')?.path ?? '');
  const change = (name: string, bytes: Buffer): void => {
    writeFileSync(add(name, 30_001), bytes);
  };
  const unknown = Buffer.from(plain);
  unknown.fill(0, 22, 26);
  unknown[21] = (unknown[21] ?? 0) & 0xf0;
  change('unknown length', unknown);
  const noMd5 = Buffer.from(plain);
  noMd5.fill(0, 26, 42);
  change('no MD5', noMd5);
  change('ID3v2 in front', Buffer.concat([id3v2(), plain]));
  change('ID3v1 behind', Buffer.concat([plain, Buffer.from('TAG'.padEnd(128, '\0'), 'latin1')]));
});
after(() => rmSync(folder, { recursive: true, force: true }));

function id3v2(): Buffer {
  return Buffer.concat([Buffer.from('49443304000000000010', 'hex'), Buffer.alloc(16)]);
}

function write32Bits(path: string, frames: number): void {
  const input = Buffer.alloc(frames * 4);
  for (let at = 0; at < frames; at += 1) {
    input.writeInt32LE(Math.round(Math.sin(at / 30) * 2 ** 30), at * 4);
  }
  const shape = '--bps=32 --channels=1 --sample-rate=44100 --endian=little --sign=signed';
  const args = ['-s', '-f', '--force-raw-format', ...shape.split(' '), '-o', path, '-'];
  execFileSync('flac', args, { input });
}

/** Sample frames that players get out of files; ffmpeg loses the last block of short Vorbis. */
function decodedFrames(paths: readonly string[], codec: string): readonly number[] {
  if (codec === 'vorbis') {
    return paths.map((path) => {
      return execFileSync('oggdec', ['-Q', '-R', '-o', '-', path]).length / 4;
    });
  }
  const output = ['-ac', '1', '-f', 'u8'];
  return decodeEach(
    paths.map((path) => ({ path, output })),
    (raw) => {
      const { size } = statSync(raw);
      return codec.endsWith('opus') ? Math.ceil((size * 44_100) / 48_000) : size;
    },
  );
}

/** Less than a frame, a frame, and a little more than one. */
const SHORT_FRAMES = [1, 2, 10, 100, 1000, 1024, 1025, 1153];
/** Of those, what is asked of an encoder of ffmpeg: its start takes longer than all else. */
const FEW_FRAMES: ReadonlySet<number> = new Set([1, 100, 1024, 1153]);

function make(source: string, codec: string, part: string): Promise<Outcome> {
  return run(taskOf(source, { codec, part }));
}

describe('odd sources', { concurrency: 2 }, () => {
  for (const codec of CODECS) {
    it(`${codec}: makes whole files of all that can be heard`, async () => {
      const made: { path: string; name: string; seconds: number }[] = [];
      for (const [name, { path, frames, seconds }] of sources) {
        if (codec.startsWith('ffmpeg:') && READING.has(name)) continue;
        const part = join(folder, `${codec} ${name}`);
        const outcome = await make(path, codec, part);
        assert.ok(outcome.status === 'made', `${name}: ${JSON.stringify(outcome)}`);
        assert.equal(outcome.samples, frames, name);
        made.push({ path: part, name, seconds });
      }
      // ffmpeg cannot decode FLAC of 32 bits.
      const decodable = made.filter(({ name }) => codec !== 'flac' || name !== '32 bits');
      const lengths = secondsOf(decodable.map(({ path }) => path));
      for (const { path, name, seconds } of decodable) {
        const found = lengths.get(path) ?? 0;
        assert.ok(found > seconds - 0.01 && found < seconds + 0.7, `${name}: ${found} s`);
      }
    });

    it(`${codec}: says of a source without samples that there are none`, async () => {
      const source = join(folder, `${codec}-zero.flac`);
      writeTone(source, { frames: 0 });
      const outcome = await make(source, codec, join(folder, `${codec}-zero`));
      assert.ok(outcome.status === 'failed');
      assert.equal(outcome.code, 'NO_AUDIO');
    });

    it(`${codec}: all of a very short source comes out again, or it is said`, async () => {
      const made: { part: string; frames: number }[] = [];
      for (const frames of SHORT_FRAMES) {
        if (codec.startsWith('ffmpeg:') && !FEW_FRAMES.has(frames)) continue;
        const source = join(folder, `${codec}-${frames}.flac`);
        writeTone(source, { frames });
        const part = join(folder, `${codec}-${frames}`);
        const outcome = await make(source, codec, part);
        if (outcome.status === 'failed') {
          assert.equal(outcome.code, 'LENGTH_MISMATCH');
          assert.match(outcome.text, /the source has only \d+ samples/);
          assert.ok(codec === 'ffmpeg:libopus', outcome.text);
          continue;
        }
        made.push({ part, frames });
      }
      const parts = made.map(({ part }) => part);
      for (const [at, found] of decodedFrames(parts, codec).entries()) {
        const frames = made[at]?.frames ?? Number.NaN;
        assert.ok(found >= frames, `${found} of ${frames}`);
      }
    });

    it(`${codec}: brings down what is above the limits`, async () => {
      const { path = '' } = sources.get('a high rate') ?? {};
      const part = join(folder, `${codec}-limited`);
      const limits = { sampleRate: 44_100, channels: 1, bits: 16 };
      const outcome = await run(taskOf(path, { codec, part }, { limits }));
      assert.equal(outcome.status, 'made', JSON.stringify(outcome));
      const shape = ['-show_entries', 'stream=sample_rate,channels', '-of', 'csv=p=0'];
      const found = execFileSync('ffprobe', ['-v', 'error', ...shape, part], { encoding: 'utf8' });
      const rate = codec.endsWith('opus') ? 48_000 : 44_100;
      assert.equal(found.trim(), `${rate},1`);
    });
  }
});
