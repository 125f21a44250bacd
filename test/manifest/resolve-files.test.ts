import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matcher } from '#src/lib/glob.js';
import { complaints, manifestOf, withOutputs } from './manifest-text.js';

test('passthrough has its usual files, playlists theirs, and both can be told which', () => {
  const outputOf = (text: string) =>
    manifestOf(withOutputs(`{ codec: opus, to: /o, ${text} }`)).outputs[0];
  const usual = outputOf('passthrough: link, playlists: true');
  assert.equal(usual?.passthrough.how, 'link');
  const isUsual = matcher(usual.passthrough.files);
  for (const name of ['a.mp3', 'A/b.M4A', 'x/y.opus', 'x.wav']) assert.ok(isUsual(name), name);
  for (const name of ['a.flac', 'cover.jpg', 'mp3', 'a.m3u']) assert.ok(!isUsual(name), name);
  assert.deepEqual(usual.playlists, ['**/*.{m3u,m3u8}']);
  const told = outputOf('passthrough: copy, passthroughFiles: ["*.mp3"], playlists: ["x.m3u"]');
  assert.deepEqual(told?.passthrough, { how: 'copy', files: ['*.mp3'] });
  assert.deepEqual(told.playlists, ['x.m3u']);
  assert.deepEqual(
    outputOf('passthrough: ignore, passthroughFiles: ["*.mp3"]')?.passthrough.files,
    [],
  );
});

test('files of passthrough without passthrough, and two outputs that pass the same files, are refused', () => {
  assert.match(
    complaints(withOutputs('{ codec: opus, to: /o, passthroughFiles: ["*.mp3"] }')).join(),
    /stands without "passthrough"/,
  );
  const both = ['opus', 'mp3'].map((codec) => `{ codec: ${codec}, to: /o, passthrough: copy }`);
  assert.match(complaints(withOutputs(...both)).join(), /both copy files into \/o/);
  const inside = '{ codec: mp3, to: /m/o, passthrough: copy }';
  const text = withOutputs(inside).replace(
    'source: /m',
    'source: { path: /m, exclude: ["o/**/*.flac"] }',
  );
  assert.match(complaints(text).join(), /writes into source/);
});
