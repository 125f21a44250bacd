import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findCodec } from '#src/codecs/codecs.js';
import { parseEncoders } from '#src/codecs/ffmpeg-encoders.js';
import { ffmpegFormat } from '#src/codecs/ffmpeg-formats.js';
import { parseLimits } from '#src/codecs/ffmpeg-limits.js';
import { ffmpegTable } from '#src/codecs/ffmpeg-table.js';

function argv(codec: string, options: Record<string, number> = {}, extension?: string): string {
  const found = findCodec(codec, extension);
  assert.ok(found?.kind === 'encode');
  const pcm = { sampleRate: 44_100, channels: 2, bits: 16 };
  const request = {
    options,
    args: ['-x', 'y'],
    output: '/out',
    serial: 7,
    pcm,
    version: '',
    endless: false,
  };
  return found.argv(request).join(' ');
}

describe('codecs of ffmpeg', () => {
  const start = '-nostdin -v error -xerror -f wav -i pipe:0 -map 0:a:0 -map_metadata -1 -c:a';

  it('make one canonical command line', () => {
    assert.equal(
      argv('ffmpeg:ac3', { bitrate: 256 }),
      `${start} ac3 -b:a 256k -x y -fflags +bitexact -f ac3 -y /out`,
    );
    assert.equal(argv('f:alac', {}, 'caf'), `${start} alac -x y -fflags +bitexact -f caf -y /out`);
    assert.equal(
      argv('f:vorbis', { quality: 4 }),
      `${start} vorbis -strict -2 -q:a 4 -x y -fflags +bitexact -f ogg -y /out`,
    );
    assert.match(argv('f:wmav2'), /-c:a wmav2 -af apad=pad_len=4096 /);
    assert.match(argv('f:not_known_yet'), /-f matroska -y \/out$/);
  });

  it('name formats that there are, each extension once', () => {
    for (const [name, { formats }] of Object.entries(ffmpegTable)) {
      const extensions = formats.map((format) => ffmpegFormat(format).extension);
      assert.equal(new Set(extensions).size, extensions.length, name);
    }
    assert.throws(() => ffmpegFormat('none'));
  });

  it('are no codecs without both parts of the name', () => {
    for (const name of ['ffmpeg:', ':aac', 'g:aac', 'ffmpeg']) {
      assert.equal(findCodec(name), undefined, name);
    }
  });
});

it('reads the list of encoders, audio only', () => {
  const text =
    ' A....D = Audio\n ------\n V..... libx264   H.264\n A..X.D dca       DCA\n A....D aac  AAC\n';
  assert.deepEqual(parseEncoders(text), ['aac', 'dca']);
});

it('reads what an encoder takes, from older and newer ffmpeg', () => {
  const old = `Encoder ac3 [ATSC A/52A (AC-3)]:
    Supported sample rates: 48000 44100 32000
    Supported sample formats: s16p
    Supported channel layouts: mono stereo 3.0(back) quad 2 channels (FC+LFE) 5.1(side) 7.1(wide)\n`;
  const limits = {
    sampleRates: [32_000, 44_100, 48_000],
    channelCounts: [1, 2, 4, 6],
    bits: 16,
  };
  assert.deepEqual(parseLimits(old), limits);
  const newer = old
    .replace('48000 44100 32000', '48000, 44100, 32000')
    .replace('mono stereo 3.0(back) quad 2', 'mono, stereo, 3.0(back), quad, 2')
    .replace(') 5.1(side) ', '), 5.1(side), ');
  assert.deepEqual(parseLimits(newer), limits);
  assert.deepEqual(parseLimits('Encoder x [X]:\n    Supported sample formats: u8 fltp\n'), {});
  assert.equal(parseLimits("Codec 'nope' is not recognized\n"), undefined);
});
