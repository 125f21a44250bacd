import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { brokenGains, renderGain } from '#src/task/replay-gain.js';

const track = (value: string) => [{ name: 'REPLAYGAIN_TRACK_GAIN', value }];
const r128 = (value: string): string | undefined => renderGain(track(value), 'r128')[0]?.value;

test('Opus gets steps of 1/256 dB below -23 LUFS', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['-7.30 dB', '-3149'],
    ['+5 dB', '0'],
    ['5', '0'],
    [' -7,5db ', '-3200'],
    ['.5 dB', '-1152'],
    ['1000 dB', '32767'],
    ['-1000 dB', '-32768'],
    ['-inf dB', undefined],
    ['nan', undefined],
    ['', undefined],
    ['loud', undefined],
    ['-', undefined],
    ['1e9 dB', undefined],
    ['-7.3 dB dB', undefined],
  ];
  for (const [value, steps] of cases) assert.equal(r128(value), steps, value);
});

test('other formats keep the text of a gain, and no gain that is no number', () => {
  const peak = { name: 'replaygain_track_peak', value: 'x' };
  assert.deepEqual(renderGain([...track('-7 dB'), peak], 'replaygain'), [...track('-7 dB'), peak]);
  assert.deepEqual(renderGain([...track('-inf dB'), peak], 'replaygain'), [peak]);
  assert.deepEqual(brokenGains([...track('-inf dB'), peak]), track('-inf dB'));
});

test('ReplayGain wins over R128 fields of the source, which stay where there is none', () => {
  const own = { name: 'r128_track_gain', value: '12' };
  const album = { name: 'R128_ALBUM_GAIN', value: '99999' };
  assert.deepEqual(renderGain([own, album], 'r128'), [own]);
  assert.deepEqual(renderGain([own, ...track('5 dB')], 'r128'), [
    { name: 'R128_TRACK_GAIN', value: '0' },
  ]);
});

test('whatever the text, Opus gets one number of 16 bits or nothing', () => {
  const value = fc.oneof(
    fc.string(),
    fc.double().map((number) => `${number} dB`),
    fc.integer().map(String),
  );
  fc.assert(
    fc.property(fc.array(value, { maxLength: 3 }), (values) => {
      const made = renderGain(values.flatMap(track), 'r128');
      assert.ok(made.length <= 1);
      for (const field of made) {
        assert.match(field.value, /^-?\d+$/);
        assert.ok(Number(field.value) >= -32_768 && Number(field.value) <= 32_767);
      }
    }),
  );
});
