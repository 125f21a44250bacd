import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseStreamInfo } from '#src/sources/flac-blocks.js';
import { DAMAGES } from '../support/damage.js';
import { seededRandom } from '../support/seeded-random.js';
import { run, taskOf } from '../support/task-rig.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { writeTone } from '../support/tone.js';
import type { ToneShape } from '../support/tone.js';

const CODECS = ['copy', 'flac', 'test', 'opus', 'vorbis', 'mp3', 'aac', 'ffmpeg:pcm_s24le'];
const SHAPES: readonly ToneShape[] = [
  { frames: 12_000 },
  { frames: 9001, channels: 1, bits: 8, sampleRate: 8000, args: ['-b192', '--no-padding'] },
  { frames: 5000, channels: 6, bits: 24, sampleRate: 96_000, args: ['-b576', '-S10x'] },
  { frames: 4097, channels: 3, sampleRate: 12_345, args: ['-b4096', '-P70000'] },
];

/** What is said of damage that flac meets in one way only. */
const SAID: Readonly<Record<string, RegExp>> = {
  'cut short at its end': /: damaged or cut short \(flac: .+\)$/,
  'last frame gone, no MD5': /: cut short, or its header states too great a length \(flac: /,
  'a bit in its audio': /: damaged.* \(flac: /,
  'a bit in its MD5': /: its audio is not what was encoded \(flac: MD5 signature mismatch\)$/,
  'zeros behind it': /: damaged or cut short \(flac: lost sync\)$/,
};

const seed = Number(process.env['FLAC2ALL_SEED'] ?? 1);

for (const [index, shape] of SHAPES.entries()) {
  test(`what flac alone says of hurt files is what we say (form ${index}, seed ${seed})`, async (context) => {
    const folder = temporaryFolder(context);
    const random = seededRandom(seed * SHAPES.length + index);
    const whole = join(folder, 'whole.flac');
    writeTone(whole, shape);
    const bytes = readFileSync(whole);
    for (const [turn, [damage, hurt]] of Object.entries(DAMAGES).entries()) {
      const source = join(folder, `${turn}.flac`);
      writeFileSync(source, hurt(bytes, random));
      const codec = CODECS[(turn + index) % CODECS.length] ?? 'copy';
      const part = join(folder, `${turn}.part`);
      const outcome = await run(taskOf(source, { codec, part }));
      const said = `${damage}, ${codec}: ${JSON.stringify(outcome)}`;
      const judged = decodedFrames(source);
      assert.equal(outcome.status, judged === undefined ? 'failed' : 'made', said);
      assert.equal(existsSync(part), outcome.status === 'made', said);
      if (outcome.status === 'made') assert.equal(outcome.samples, judged, said);
      else {
        assert.equal(outcome.class, 'input', said);
        assert.ok(outcome.text.startsWith(`${source}: `), said);
        assert.match(outcome.text, SAID[damage] ?? /\w/, said);
      }
    }
  });
}

/** The judge: sample frames that flac gets out of a file, `undefined` when it finds anything wrong. */
function decodedFrames(path: string): number | undefined {
  const form = '--force-raw-format --endian=little --sign=signed'.split(' ');
  const args = ['--decode', '--silent', '--stdout', ...form, '--', path];
  const { status, stdout } = spawnSync('flac', args, { maxBuffer: 2 ** 30 });
  if (status !== 0) return undefined;
  const bytes = readFileSync(path);
  const { channels, bits } = parseStreamInfo(bytes.subarray(bytes.indexOf('fLaC') + 8));
  return stdout.length / channels / Math.ceil(bits / 8);
}
