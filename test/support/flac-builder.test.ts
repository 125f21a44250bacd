import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { makeFlac } from './flac-builder.js';
import type { BuiltFlac } from './flac-builder.js';
import { plant, temporaryFolder } from './temporary-folder.js';

const flacMissing =
  spawnSync('flac', ['--version']).error === undefined ? false : 'no flac program';

const cases: Readonly<Record<string, BuiltFlac>> = {
  'stereo over several frames': { length: 10_000 },
  'one sample': { length: 1, channels: 1 },
  'six channels, 24 bit, 96 kHz': { length: 500, channels: 6, bits: 24, sampleRate: 96_000 },
  '20 bit, odd number of bits in a frame': { length: 333, channels: 1, bits: 20 },
  'more than 127 frames': { length: 128 * 4096 + 1, channels: 1, bits: 8, sampleRate: 8000 },
  'tags and a picture': {
    length: 100,
    comments: [['TITLE', 'Über "x"\nzwei']],
    pictures: [{ data: Buffer.from('not really a PNG') }],
  },
};

for (const [name, flac] of Object.entries(cases)) {
  test(`flac decodes what makeFlac builds: ${name}`, { skip: flacMissing }, (t) => {
    const path = plant(temporaryFolder(t), 'a.flac', makeFlac(flac));
    const run = spawnSync('flac', ['--test', '--warnings-as-errors', '--silent', path]);
    assert.equal(run.stderr.toString(), '');
    assert.equal(run.status, 0);
  });
}
