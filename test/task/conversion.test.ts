import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  conversionArgs,
  conversionReasons,
  conversionWarnings,
  targetFormat,
} from '#src/task/conversion.js';

const cd = { sampleRate: 44_100, channels: 2, bits: 16 };
const hires = { sampleRate: 176_400, channels: 6, bits: 24 };

const rate = (sampleRate: number, limit: number): number =>
  targetFormat({ ...cd, sampleRate }, {}, { sampleRate: limit }).sampleRate;

describe('the format that an encoder gets', () => {
  it('is the source itself where nothing is above a limit', () => {
    assert.equal(targetFormat(cd, { channels: 2, bits: 24 }, { sampleRate: 48_000 }), cd);
    const odd = { sampleRate: 8298, channels: 1, bits: 12 };
    assert.equal(targetFormat(odd, {}, {}), odd);
  });

  it('keeps to the family of the sample rate where that comes near the limit', () => {
    assert.equal(rate(176_400, 48_000), 44_100);
    assert.equal(rate(96_000, 48_000), 48_000);
    assert.equal(rate(96_000, 44_100), 44_100);
    assert.equal(rate(50_000, 48_000), 48_000);
    assert.equal(rate(192_000, 96_000), 96_000);
  });

  it('obeys codec and profile alike', () => {
    assert.deepEqual(targetFormat(hires, { channels: 2, bits: 24 }, { bits: 16 }), {
      sampleRate: 176_400,
      channels: 2,
      bits: 16,
    });
    assert.deepEqual(targetFormat({ ...cd, bits: 20 }, { channels: 1 }, {}), {
      sampleRate: 44_100,
      channels: 1,
      bits: 24,
    });
  });
});

it('what the encoder alone brings down is told of', () => {
  const target = { ...cd, sampleRate: 176_400 };
  assert.deepEqual(conversionWarnings(hires, target, {}), [
    'its 6 channels are mixed down to 2: the encoder takes no more',
    'its 24 bits are cut to 16: the encoder takes no more',
  ]);
  assert.deepEqual(conversionWarnings(hires, target, { channels: 2, bits: 16 }), []);
  assert.deepEqual(conversionWarnings(cd, { ...cd, bits: 24, channels: 6 }, {}), []);
});

describe('why a source is converted', () => {
  it('is told with whose wish it is', () => {
    const wish = { profile: { sampleRate: 48_000, bits: 20 }, encoder: 'lame' };
    assert.deepEqual(conversionReasons(hires, cd, wish), [
      'its 6 channels must be mixed down to 2 for lame',
      'its 24 bits must be cut to 16 for lame',
      'its 176400 Hz must be resampled to 44100 Hz for lame',
    ]);
    const limits = { profile: { sampleRate: 44_100, channels: 2, bits: 16 }, encoder: 'lame' };
    assert.deepEqual(conversionReasons(hires, cd, limits), [
      "its 6 channels must be mixed down to 2 for its profile's limits",
      "its 24 bits must be cut to 16 for its profile's limits",
      "its 176400 Hz must be resampled to 44100 Hz for its profile's limits",
    ]);
  });

  it('is told where the encoder wants more than there is', () => {
    const pcm = { sampleRate: 8000, channels: 2, bits: 12 };
    const target = { sampleRate: 32_000, channels: 6, bits: 16 };
    assert.deepEqual(conversionReasons(pcm, target, { profile: { bits: 16 }, encoder: 'x' }), [
      'its 2 channels must be mixed up to 6 for x',
      'its 12 bits must be extended to 16 for x',
      'its 8000 Hz must be resampled to 32000 Hz for x',
    ]);
    assert.deepEqual(conversionReasons(cd, cd, { profile: {}, encoder: 'x' }), []);
  });
});

it('ffmpeg dithers where 16 bits are left, and never asks', () => {
  const args = conversionArgs(hires, cd);
  assert.ok(args.includes('-nostdin'));
  assert.ok(args.includes('aresample=44100:resampler=swr:dither_method=triangular'));
  assert.ok(args.includes('pcm_s16le'));
  const kept = conversionArgs({ ...hires, bits: 32 }, { ...hires, bits: 24 });
  assert.ok(kept.includes('aresample=176400:resampler=swr'));
  assert.ok(kept.includes('pcm_s24le'));
});
