import assert from 'node:assert/strict';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { OutputSet } from '#src/manifest/manifest.js';
import type { Change } from '#src/plan/action.js';
import { lackingPrograms, missingProgramTexts } from '#src/run/plan-programs.js';
import {
  entry,
  fileOf,
  manifest,
  opusRecipe,
  outputSet,
  plan,
  source,
} from '../support/plan-case.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const LOCAL = manifest([outputSet()]);

function mp3(limits = {}): OutputSet {
  const recipe = { ...opusRecipe, audio: { codec: 'mp3', options: {}, args: [], limits } };
  return outputSet({ profile: { name: 'car', codec: 'mp3', extension: 'mp3', recipe } });
}

const create = (outputs: readonly OutputSet[], channels = 2): readonly Change[] =>
  plan({
    outputs,
    sources: ['a.flac', 'b.flac'].map((rel) =>
      source(rel, { audio: { samples: 44_100, sampleRate: 44_100, channels, bits: 16 } }),
    ),
  }).changes;

test('a program that is not there is told with the profile and the outputs that it is to make', () => {
  const changes = create([outputSet()]);
  assert.deepEqual(lackingPrograms(changes, new Set(['flac'])), [
    { program: 'opusenc', profile: 'phone', outputs: 2 },
  ]);
  assert.deepEqual(lackingPrograms(changes, new Set(['flac', 'opusenc'])), []);
});

test('ffmpeg is wanted only where a source must be converted', () => {
  const present = new Set(['flac', 'lame']);
  const ffmpeg = [{ program: 'ffmpeg', profile: 'car', outputs: 2 }];
  assert.deepEqual(lackingPrograms(create([mp3()]), present), []);
  assert.deepEqual(lackingPrograms(create([mp3({ sampleRate: 44_100 })]), present), []);
  assert.deepEqual(lackingPrograms(create([mp3({ sampleRate: 32_000 })]), present), ffmpeg);
  assert.deepEqual(lackingPrograms(create([mp3()], 6), present), ffmpeg);
  assert.deepEqual(lackingPrograms(create([mp3()], 6), new Set([...present, 'ffmpeg'])), []);
});

test('what is up to date, deleted or copied needs no program', async () => {
  const row = entry('a.flac');
  const gone = entry('gone.flac');
  const { changes } = plan({
    outputs: [outputSet({ prune: true })],
    sources: [source('a.flac')],
    entries: [row, gone],
    disk: [fileOf(row), fileOf(gone)],
  });
  assert.deepEqual(
    changes.map(({ action }) => action),
    ['delete'],
  );
  assert.deepEqual(await missingProgramTexts(changes, LOCAL, ''), []);
  const [made] = create([outputSet()]);
  assert.ok(made?.desired);
  const copied = { ...made, desired: { ...made.desired, sidecar: true } };
  assert.deepEqual(await missingProgramTexts([copied], LOCAL, ''), []);
});

test('only PATH is looked at: a program that would do harm is there all the same', async (context) => {
  const bin = temporaryFolder(context);
  const changes = create([outputSet()]);
  writeFileSync(join(bin, 'flac'), `#!/bin/sh\n: >${join(bin, 'started')}\nexit 1\n`);
  chmodSync(join(bin, 'flac'), 0o755);
  assert.deepEqual(await missingProgramTexts(changes, LOCAL, bin), [
    'profile phone: opusenc is not on PATH here, and 2 outputs are to be made with it; `flac2all doctor` says how to install it',
  ]);
  assert.equal(existsSync(join(bin, 'started')), false);
});

test('a machine that encodes nothing itself needs nothing', async () => {
  const none = { cluster: { ...LOCAL.cluster, workers: 0 } };
  assert.deepEqual(await missingProgramTexts(create([outputSet()]), none, ''), []);
});
