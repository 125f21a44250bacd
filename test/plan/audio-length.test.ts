import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audioSeconds, audioShape } from '#src/plan/audio-length.js';
import { source, stat } from '../support/plan-case.js';

const CD = { samples: 44_100, sampleRate: 44_100, channels: 2, bits: 16 };
const MOST = 2 ** 36 - 1;

function seconds(audio: Partial<typeof CD>, size: number): number {
  return audioSeconds(source('a.flac', { audio: { ...CD, ...audio }, stat: stat(size) }));
}

test('a source is as long as its header or its identity states', () => {
  assert.equal(seconds({}, 1000), 1);
  assert.equal(seconds({ samples: 0 }, 1000), 0);
  assert.equal(seconds({ sampleRate: 0 }, 1000), 0);
  const remembered = source('a.flac', { audio: undefined });
  assert.deepEqual(audioShape(remembered), CD);
  assert.equal(audioSeconds(remembered), 1);
  assert.equal(audioSeconds(source('a.flac', { audio: undefined, identity: undefined })), 0);
});

test('a header that states more than the file can hold is not believed', () => {
  // 4 bytes of PCM a sample, half of that in FLAC.
  assert.equal(seconds({ samples: MOST }, 2 * 44_100), 1);
  assert.equal(seconds({ samples: MOST }, 40_000_000), 40_000_000 / 2 / 44_100);
  assert.equal(seconds({ samples: MOST, channels: 1, bits: 8, sampleRate: 8000 }, 4000), 1);
});

test('silence is as long as it says: an hour of it is half a megabyte', () => {
  const samples = 3600 * 44_100;
  assert.equal(seconds({ samples }, Math.ceil(samples / 4608) * 16), 3600);
});
