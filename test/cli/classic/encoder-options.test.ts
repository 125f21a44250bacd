import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EncoderWish, OptionProblem } from '#src/cli/classic/encoder-wish.js';
import { readLameOptions } from '#src/cli/classic/lame-options.js';
import { readOpusOptions, readVorbisOptions } from '#src/cli/classic/ogg-options.js';
import {
  readAacplusOptions,
  readFfmpegOptions,
  readFlacOptions,
} from '#src/cli/classic/other-options.js';
import type { Result } from '#src/lib/result.js';

type Reader = (text: string) => Result<EncoderWish, OptionProblem>;
interface Wish {
  readonly options?: object;
  readonly args?: readonly string[];
  readonly limits?: object;
}

function assertWish(read: Reader, text: string, { options = {}, args = [], limits = {} }: Wish) {
  const wish = read(text);
  if (!wish.ok) assert.fail(`${text}: ${wish.error.message}`);
  const { options: found, args: words, limits: most } = wish.value;
  assert.deepEqual({ found, words, most }, { found: options, words: args, most: limits }, text);
}

interface Misread {
  readonly at: string;
  readonly said: RegExp;
}

function assertProblem(read: Reader, text: string, { at, said }: Misread) {
  const wish = read(text);
  if (wish.ok) assert.fail(`${text} was understood`);
  const { offset, length, message, hint } = wish.error;
  assert.equal(text.slice(offset, offset + length), at);
  assert.match(`${message}; ${hint}`, said);
}

test('vorbis: the forms of the original', () => {
  const read = readVorbisOptions;
  assertWish(read, 'quality=9', { options: { quality: 9 } });
  assertWish(read, 'quality=-1', { options: { quality: -1 } });
  assertWish(read, 'quality -1:managed', { options: { quality: -1 }, args: ['--managed'] });
  assertWish(read, 'quality=5:resample 32000:downmix:bitrate_average=96', {
    options: { quality: 5, bitrate: 96 },
    limits: { sampleRate: 32_000, channels: 1 },
  });
  assertWish(read, '--quality=3 --min-bitrate 64', {
    options: { quality: 3 },
    args: ['--min-bitrate', '64'],
  });
  assertWish(read, ' -q 4 ', { options: { quality: 4 } });
  assertWish(read, '', {});
});

test('vorbis: what cannot be understood', () => {
  const read = readVorbisOptions;
  assertProblem(read, 'downmix:qualty=9', { at: 'qualty=9', said: /did you mean "quality"/ });
  assertProblem(read, 'quality=best', {
    at: 'quality=best',
    said: /--quality needs a number, not "best"/,
  });
  assertProblem(read, 'quality', { at: 'quality', said: /--quality needs a number;/ });
  assertProblem(read, 'downmix=1', { at: 'downmix=1', said: /--downmix takes no value/ });
  assertProblem(read, 'quality=1:artist=x', {
    at: 'artist=x',
    said: /tags are taken from the source/,
  });
  assertProblem(read, 'output=/etc/passwd', {
    at: 'output=/etc/passwd',
    said: /flac2all itself says/,
  });
});

test('opus: the forms of the original', () => {
  const read = readOpusOptions;
  assertWish(read, 'vbr', { options: { vbr: 'vbr' } });
  assertWish(read, 'music', { options: { tune: 'music' } });
  assertWish(read, 'bitrate 96:hard-cbr:comp 5:framesize 2.5', {
    options: { bitrate: 96, vbr: 'hard', complexity: 5, frameSize: 2.5 },
  });
  assertWish(read, 'downmix-mono:no-phase-inv:expect-loss 2', {
    options: { phaseInversion: false },
    args: ['--expect-loss', '2'],
    limits: { channels: 1 },
  });
});

test('lame: short and long options, presets', () => {
  const read = readLameOptions;
  assertWish(read, '-preset standard:q 0', { options: { vbr: 2, quality: 0 } });
  assertWish(read, '-preset extreme:q 0:h', { options: { vbr: 0, quality: 2 } });
  assertWish(read, '-preset fast medium', { options: { vbr: 4 } });
  assertWish(read, '-preset insane', { options: { bitrate: 320 } });
  assertWish(read, '-preset 192', { options: { abr: 192 } });
  assertWish(read, '-preset cbr 192', { options: { bitrate: 192 } });
  assertWish(read, 'b 320', { options: { bitrate: 320 } });
  assertWish(read, 'b320:m j', { options: { bitrate: 320 }, args: ['-m', 'j'] });
  assertWish(read, 'V0', { options: { vbr: 0 } });
  assertWish(read, '-V 2 -q 3', { options: { vbr: 2, quality: 3 } });
  assertWish(read, '-preset standard -q 0', { options: { vbr: 2, quality: 0 } });
  assertWish(read, 'V 2:b 96', { options: { vbr: 2 }, args: ['-b', '96'] });
  assertWish(read, '-cbr:b 192', { options: { bitrate: 192 } });
  assertWish(read, '-cbr', { options: { bitrate: 128 } });
  assertWish(read, '-abr 160:-resample 44.1:a', {
    options: { abr: 160 },
    limits: { sampleRate: 44_100, channels: 1 },
  });
});

test('lame: what cannot be understood', () => {
  assertProblem(readLameOptions, 'q 0:-preset loud', {
    at: '-preset loud',
    said: /presets: medium/,
  });
  assertProblem(readLameOptions, '-abr', { at: '-abr', said: /--abr needs a number/ });
  assertProblem(readLameOptions, '-presett standard', {
    at: '-presett standard',
    said: /did you mean "preset"/,
  });
  assertProblem(readLameOptions, 'm q', { at: 'm q', said: /modes: s, j/ });
  assertProblem(readLameOptions, '-tt x', { at: '-tt x', said: /tags are taken/ });
});

test('ffmpeg: words with commas or spaces between them', () => {
  const read = readFfmpegOptions;
  assertWish(read, '-b:a 128k', { options: { bitrate: 128 } });
  assertWish(read, '-b:a,96000', { options: { bitrate: 96 } });
  assertWish(read, '-q:a 2,-ar 44100,-ac,2', {
    options: { quality: 2 },
    limits: { sampleRate: 44_100, channels: 2 },
  });
  assertWish(read, '-compression_level 8,-y', { args: ['-compression_level', '8'] });
  assertWish(read, '-vol -6', { args: ['-vol', '-6'] });
  assertProblem(read, '-b:a 1x', { at: '-b:a 1x', said: /192k/ });
  assertProblem(read, '-b:a 128k out.mp3', { at: 'out.mp3', said: /belongs to no option/ });
  assertProblem(read, '-i /etc/passwd', { at: '-i /etc/passwd', said: /flac2all itself says/ });
  assertProblem(read, '-acodec mp3', { at: '-acodec mp3', said: /the mode names the encoder/ });
});

test('flac and AAC+', () => {
  assertWish(readFlacOptions, 'compression-level-8:verify', {
    options: { level: 8, verify: true },
  });
  assertWish(readFlacOptions, '8', { options: { level: 8 } });
  assertWish(readFlacOptions, '-5', { options: { level: 5 } });
  assertWish(readFlacOptions, 'best:e', { options: { level: 8 }, args: ['-e'] });
  assertWish(readAacplusOptions, 'br 48', { options: { bitrate: 48 } });
  assertWish(readAacplusOptions, ' -br 64 ', { options: { bitrate: 64 } });
  assertWish(readAacplusOptions, '-r 64000 -t 5 -a 1', { options: { bitrate: 64 } });
  assertProblem(readAacplusOptions, 'q 0.3', { at: 'q 0.3', said: /say a bitrate/ });
  assertProblem(readAacplusOptions, '-t 2', { at: '-t 2', said: /mode aac makes AAC-LC/ });
});
