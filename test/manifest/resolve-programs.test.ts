import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaints } from './manifest-text.js';

test('a missing program is named with its package, at the codec of each profile in use', () => {
  const text = `version: 1
source: /m
profiles:
  phone: { codec: opus }
  idle: { codec: mp3 }
outputs:
  - { profile: phone, to: /1 }
  - { profile: phone, to: /2 }
  - { codec: opus, limits: { channels: 2 }, to: /3 }
`;
  const found = complaints(text, (name) => name === 'flac').map((shown) => shown.split('\n')[0]);
  assert.deepEqual(found, [
    'MANIFEST_ENCODER_MISSING 4:19 codec opus needs the program "opusenc", which is not on PATH (install the package opus-tools)',
    'MANIFEST_ENCODER_MISSING 9:14 codec opus needs the program "opusenc", which is not on PATH (install the package opus-tools)',
    'MANIFEST_ENCODER_MISSING 9:28 limits need the program "ffmpeg", which is not on PATH (install the package ffmpeg; ffmpeg-free on Fedora)',
  ]);
  assert.deepEqual(
    complaints(text, () => true),
    [],
  );
});
