import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { findCodec } from '#src/codecs/codecs.js';
import { parseEncoders } from '#src/codecs/ffmpeg-encoders.js';
import { ffmpegTable } from '#src/codecs/ffmpeg-table.js';
import { streamInfosOf } from '../support/length.js';
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
/** One PCM is as the other, but for where it goes. */
const PCM_SHAPE = 'six channels';

let folder = '';
const pathOf = (shape: string): string => join(folder, `${shape}.flac`);
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'flac2all-lossless-'));
  for (const [name, shape] of Object.entries(SHAPES)) writeTone(pathOf(name), shape);
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe('what is called lossless gives back every sample in its place', { concurrency: 2 }, () => {
  for (const name of LOSSLESS) {
    it(name, async () => {
      for (const [shape, { bits = 16, channels = 2 }] of Object.entries(SHAPES)) {
        if (name.startsWith('pcm_') && shape !== PCM_SHAPE) continue;
        const part = join(folder, `${name} ${shape}`);
        const codec = `ffmpeg:${name}`;
        const outcome = await run(taskOf(pathOf(shape), { codec, part }));
        assert.ok(outcome.status === 'made', JSON.stringify(outcome));
        const told = outcome.warnings.filter((text) => text.includes('the encoder takes no more'));
        const wanted = streamInfosOf([pathOf(shape)]).get(pathOf(shape))?.md5;
        const found = decodedMd5(codec, { part, bits, bytes: (FRAMES * channels * bits) / 8 });
        // Where less is in the file than in the source, that must have been said.
        assert.equal(found === wanted, told.length === 0, shape);
      }
    });
  }
});

/** Of the samples that the source has; some formats fill their last frame up with silence. */
function decodedMd5(
  codec: string,
  made: { readonly part: string; readonly bits: number; readonly bytes: number },
): string {
  const found = findCodec(codec);
  assert.ok(found?.kind === 'encode');
  const pcm = { sampleRate: 48_000, channels: 2, bits: made.bits };
  const input = [...(found.decodeArgs?.(pcm) ?? []), '-i', made.part, '-map', '0:a:0'];
  const args = ['-nostdin', '-v', 'error', '-strict', '-2', ...input];
  const output = ['-c:a', `pcm_s${made.bits}le`, '-f', `s${made.bits}le`, 'pipe:1'];
  const decoded = execFileSync('ffmpeg', [...args, ...output], { maxBuffer: 2 ** 26 });
  return createHash('md5').update(decoded.subarray(0, made.bytes)).digest('hex');
}
