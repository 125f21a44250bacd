import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { findCodec } from '#src/codecs/codecs.js';
import { parseEncoders } from '#src/codecs/ffmpeg-encoders.js';
import { ffmpegTable } from '#src/codecs/ffmpeg-table.js';
import { decodeEach, streamInfosOf } from '../support/length.js';
import type { Decoding } from '../support/length.js';
import { run, taskOf } from '../support/task-rig.js';
import { writeTone } from '../support/tone.js';
import type { ToneShape } from '../support/tone.js';

const installed = parseEncoders(
  execFileSync('ffmpeg', ['-hide_banner', '-encoders'], { encoding: 'utf8' }),
);
const LOSSLESS = installed.filter((name) => ffmpegTable[name]?.lossless);

const FRAMES = 20_001;
/** Each channel is its own, so that one in another's place is found. */
const SHAPES: Readonly<Record<string, ToneShape>> = {
  stereo: { frames: FRAMES, sampleRate: 48_000 },
  'six channels': { frames: FRAMES, sampleRate: 96_000, channels: 6, bits: 24 },
  'four channels': { frames: FRAMES, sampleRate: 48_000, channels: 4 },
  'eight channels': { frames: FRAMES, sampleRate: 48_000, channels: 8 },
};
/** Of the shapes each encoder is given one in so many: `SHAPES_EVERY=1` gives it all. */
const EVERY = Number(process.env['SHAPES_EVERY'] ?? 2);
/** One PCM is as the other, but for where it goes. */
const PCM_SHAPE = 'six channels';

interface Made {
  readonly codec: string;
  readonly shape: string;
  readonly part: string;
  /** The encoder takes less than the source has, and that was said. */
  readonly told: boolean;
}

let folder = '';
const made: Made[] = [];
const pathOf = (shape: string): string => join(folder, `${shape}.flac`);
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'flac2all-lossless-'));
  for (const [name, shape] of Object.entries(SHAPES)) writeTone(pathOf(name), shape);
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe('what is called lossless takes every source', { concurrency: 2 }, () => {
  for (const [index, name] of LOSSLESS.entries()) {
    it(name, async () => {
      for (const [at, shape] of Object.keys(SHAPES).entries()) {
        const isPcm = name.startsWith('pcm_');
        if (isPcm ? shape !== PCM_SHAPE : (index + at) % EVERY !== 0) continue;
        const part = join(folder, `${name} ${shape}`);
        const codec = `ffmpeg:${name}`;
        const outcome = await run(taskOf(pathOf(shape), { codec, part }));
        assert.ok(outcome.status === 'made', JSON.stringify(outcome));
        const told = outcome.warnings.some((text) => text.includes('the encoder takes no more'));
        made.push({ codec, shape, part, told });
      }
    });
  }
});

it('and gives back every sample in its place, or it was said that less is in it', () => {
  assert.ok(made.length > 20, String(made.length));
  const wanted = streamInfosOf(Object.keys(SHAPES).map(pathOf));
  const found = decodeEach(made.map(decodingOf), (raw, at) => decodedMd5(raw, made[at]?.shape));
  for (const [at, { codec, shape, told }] of made.entries()) {
    const same = found[at] === wanted.get(pathOf(shape))?.md5;
    assert.equal(same, !told, `${codec}: ${shape}`);
  }
});

function decodingOf({ codec, shape, part }: Made): Decoding {
  const found = findCodec(codec);
  assert.ok(found?.kind === 'encode');
  const { bits = 16 } = SHAPES[shape] ?? {};
  const pcm = { sampleRate: 48_000, channels: 2, bits };
  const output = ['-c:a', `pcm_s${bits}le`, '-f', `s${bits}le`];
  return { path: part, input: ['-strict', '-2', ...(found.decodeArgs?.(pcm) ?? [])], output };
}

/** Of the samples that the source has; some formats fill their last frame up with silence. */
function decodedMd5(raw: string, shape = ''): string {
  const { bits = 16, channels = 2 } = SHAPES[shape] ?? {};
  const bytes = readFileSync(raw).subarray(0, (FRAMES * channels * bits) / 8);
  return createHash('md5').update(bytes).digest('hex');
}
