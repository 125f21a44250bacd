import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { findCodec } from '#src/codecs/codecs.js';
import { ffmpeg } from '#src/codecs/ffmpeg.js';
import { parseEncoders } from '#src/codecs/ffmpeg-encoders.js';
import { ffmpegTable } from '#src/codecs/ffmpeg-table.js';
import { secondsOf } from '../support/length.js';
import { run, taskOf } from '../support/task-rig.js';
import { writeTone } from '../support/tone.js';

const installed = parseEncoders(
  execFileSync('ffmpeg', ['-hide_banner', '-encoders'], { encoding: 'utf8' }),
);
/** Far from a whole number of frames, whatever their length. */
const FRAMES = 40_700;
const RATE = 44_100;
/** Seconds of padding that encoders may leave. */
const MOST_PADDING = 0.7;
/** Made twice, for the same bytes. */
const MUCH_USED = new Set(['aac', 'ac3', 'libmp3lame', 'libopus', 'libvorbis', 'mp2', 'wmav2']);

/** One in so many of the others is given a source of six channels too: `ENCODERS_EVERY=1` gives it to all. */
const EVERY = Number(process.env['ENCODERS_EVERY'] ?? 3);

/** What should be in a file; rate and channels count only where the file does not say them. */
interface Expected {
  readonly name: string;
  readonly seconds: number;
  readonly sampleRate: number;
  readonly channels: number;
}

let folder = '';
const made = new Map<string, Expected>();
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'flac2all-encoders-'));
  writeTone(join(folder, 'stereo.flac'), { frames: FRAMES });
  writeTone(join(folder, 'surround.flac'), {
    frames: 96_000,
    sampleRate: 96_000,
    channels: 6,
    bits: 24,
  });
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe('every audio encoder of the installed ffmpeg', { concurrency: 2 }, () => {
  it('is one of many', () => assert.ok(installed.length > 50, installed.join(' ')));

  for (const [index, name] of installed.entries()) {
    const refusal = ffmpeg.refusal(name);
    if (refusal !== undefined) {
      it(`${name}: is refused, with a reason`, () => assert.match(refusal, /\w{3}/));
      continue;
    }
    // Those are held to more: see lossless.test.ts.
    if (ffmpegTable[name]?.lossless) continue;
    it(`${name}: makes a file`, async () => {
      const part = join(folder, `${name}.part`);
      const source = join(folder, 'stereo.flac');
      const outcome = await run(taskOf(source, { codec: `ffmpeg:${name}`, part }));
      assert.equal(outcome.status, 'made', JSON.stringify(outcome));
      made.set(part, { name, seconds: FRAMES / RATE, sampleRate: RATE, channels: 2 });
      if (!MUCH_USED.has(name)) return;
      const again = await run(taskOf(source, { codec: `ffmpeg:${name}`, part: `${part}2` }));
      assert.ok(outcome.status === 'made' && again.status === 'made');
      assert.equal(again.part.sha256, outcome.part.sha256, 'the same bytes again');
    });

    if (!MUCH_USED.has(name) && index % EVERY !== 0) continue;
    it(`${name}: takes six channels of 24 bits at 96 kHz`, async () => {
      const part = join(folder, `${name}.six`);
      const codec = `ffmpeg:${name}`;
      const outcome = await run(taskOf(join(folder, 'surround.flac'), { codec, part }));
      assert.equal(outcome.status, 'made', JSON.stringify(outcome));
      made.set(part, { name, seconds: 1, sampleRate: 96_000, channels: 6 });
    });
  }
});

it('what they made is whole, decoded in another way than the program does it', () => {
  assert.ok(made.size > 50, String(made.size));
  const found = secondsOf([...made.keys()], (part) => decodeArgs(made.get(part)));
  for (const [part, { name, seconds, channels }] of made) {
    const is = found.get(part) ?? 0;
    const said = `${name}, ${channels} channels: ${is} s, not ${seconds} s`;
    assert.ok(is > seconds - 0.01 && is < seconds + MOST_PADDING, said);
  }
});

function decodeArgs(expected: Expected | undefined): readonly string[] {
  assert.ok(expected !== undefined);
  const { name, sampleRate, channels } = expected;
  const codec = findCodec(`ffmpeg:${name}`);
  assert.ok(codec?.kind === 'encode');
  const limits = codec.input.sampleRates ?? (name.startsWith('aptx') ? [48_000] : [sampleRate]);
  const stated = limits.includes(sampleRate) ? sampleRate : (limits.at(-1) ?? sampleRate);
  const pcm = { sampleRate: sampleRate === RATE ? RATE : stated, channels, bits: 16 };
  return ['-strict', '-2', ...(codec.decodeArgs?.(pcm) ?? [])];
}
