import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CodecOptions, EncodeRequest } from '#src/codecs/codec.js';
import { findCodec } from '#src/codecs/codecs.js';
import { test as analysis } from '#src/codecs/test.js';
import { defaultOptions } from '../support/task-rig.js';

function argv(
  codec: string,
  options: CodecOptions = {},
  more: Partial<EncodeRequest> = {},
): string {
  const found = findCodec(codec);
  assert.equal(found?.kind, 'encode');
  return found
    .argv({
      options: { ...defaultOptions(codec), ...options },
      args: [],
      output: '/out',
      serial: 7,
      pcm: { sampleRate: 44_100, channels: 2, bits: 16 },
      version: '',
      endless: false,
      ...more,
    })
    .join(' ');
}

describe('arguments of the encoders', () => {
  it('opusenc', () => {
    const common = '--discard-comments --discard-pictures --padding 0 --serial 7';
    assert.equal(
      argv('opus'),
      `--quiet ${common} --bitrate 128 --vbr --comp 10 --framesize 20 - /out`,
    );
    const options = { bitrate: 24, vbr: 'hard', tune: 'speech', phaseInversion: false };
    assert.equal(
      argv('opus', options, { endless: true, args: ['--expect-loss', '5'] }),
      `--quiet --ignorelength ${common} --bitrate 24 --hard-cbr --comp 10 --framesize 20 --speech --no-phase-inv --expect-loss 5 - /out`,
    );
  });

  it('oggenc', () => {
    const common = '--quiet --discard-comments --serial 7';
    assert.equal(argv('vorbis'), `${common} --quality 5 --output /out -`);
    assert.equal(argv('vorbis', { bitrate: 160 }), `${common} --bitrate 160 --output /out -`);
    const at = (sampleRate: number) =>
      argv('vorbis', {}, { pcm: { sampleRate, channels: 2, bits: 24 } });
    assert.equal(at(96_000), `${common} --quality 5 --resample 48000 --output /out -`);
    assert.equal(at(176_400), `${common} --quality 5 --resample 44100 --output /out -`);
    assert.equal(at(48_000), `${common} --quality 5 --output /out -`);
  });

  it('lame', () => {
    assert.equal(argv('mp3'), '--quiet --noreplaygain -V 2 - /out');
    assert.equal(argv('mp3', { bitrate: 320 }), '--quiet --noreplaygain --cbr -b 320 - /out');
    assert.equal(
      argv('mp3', { abr: 190, quality: 0 }),
      '--quiet --noreplaygain --abr 190 -q 0 - /out',
    );
  });

  it('flac', () => {
    const start = '--silent --force --no-preserve-modtime';
    assert.equal(
      argv('flac'),
      `${start} --lax --no-padding --compression-level-8 --verify --output-name=/out -`,
    );
    assert.equal(
      argv('flac', { level: 0, verify: false }, { endless: true }),
      `${start} --ignore-chunk-sizes --lax --no-padding --compression-level-0 --output-name=/out -`,
    );
  });

  it('ffmpeg', () => {
    const input = '-f wav -i pipe:0 -map 0:a:0 -map_metadata -1';
    const movie = '-movflags +faststart -movie_timescale 44100';
    const output = `-fflags +bitexact ${movie} -f ipod -y /out`;
    assert.equal(argv('aac'), `-nostdin -v error -xerror ${input} -c:a aac -b:a 192k ${output}`);
    assert.equal(
      argv('aac', { encoder: 'libfdk_aac', vbr: 4 }, { endless: true }),
      `-nostdin -v error -ignore_length 1 ${input} -c:a libfdk_aac -vbr 4 ${output}`,
    );
  });

  it('an ffmpeg before version 5 is not asked for what it does not know', () => {
    for (const version of ['4.4.2-0ubuntu0.22.04.1 (libavcodec 58)', 'n4.4', '3.4.11']) {
      assert.doesNotMatch(argv('aac', {}, { version }), /movie_timescale/, version);
    }
    for (const version of ['5.0', '5.1.6-0+deb12u1', 'n7.1', 'N-110000-gabcdef', '10.0']) {
      assert.match(argv('aac', {}, { version }), /-movie_timescale 44100/, version);
    }
  });

  it('flac --analyze takes names that begin with a dash', () => {
    const args = ['--analyze', '--silent', '--stdout', '--', '-x.flac'];
    assert.deepEqual(analysis.argv({ source: '-x.flac', ogg: false }), args);
  });
});
