import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allModes, isModeList, readModes } from '#src/cli/classic/modes.js';

function modes(text: string) {
  const read = readModes(text);
  if (!read.ok || read.value === 'all') assert.fail(text);
  return read.value;
}

test('modes with commas between them; what is said twice counts once', () => {
  assert.deepEqual(
    modes('mp3,VORBIS,,test,mp3').map(({ name }) => name),
    ['mp3', 'vorbis', 'test'],
  );
  assert.deepEqual(modes('ogg'), [{ name: 'ogg', codec: 'vorbis' }]);
});

test('encoders of ffmpeg go into the kind of file that the original made', () => {
  assert.deepEqual(modes('f:alac,ffmpeg:wmav2,f:aac'), [
    { name: 'f:alac', codec: 'ffmpeg:alac', extension: 'mka' },
    { name: 'f:wmav2', codec: 'ffmpeg:wmav2', extension: 'wma' },
    { name: 'f:aac', codec: 'ffmpeg:aac', extension: 'aac' },
  ]);
  // Where that cannot be, into its usual one.
  assert.deepEqual(modes('f:aptx'), [{ name: 'f:aptx', codec: 'ffmpeg:aptx' }]);
});

test('a mode that does not exist is told with its place', () => {
  const read = readModes('vorbis,mp4,opus');
  if (read.ok) assert.fail();
  const { offset, length, hint } = read.error;
  assert.equal('vorbis,mp4,opus'.slice(offset, offset + length), 'mp4');
  assert.equal(hint, 'did you mean "mp3"?');
  const gone = readModes('aacplusnero');
  assert.match(gone.ok ? '' : gone.error.hint, /"aacplus" makes HE-AAC/);
});

test('one right mode makes a list of modes', () => {
  for (const text of ['mp3', 'mp3,x', 'all', 'f:alac', 'Vorbis']) assert.ok(isModeList(text), text);
  for (const text of ['plan', 'x', 'mp33', '/music', '']) assert.ok(!isModeList(text), text);
});

test('all is what this machine has encoders for', () => {
  const machine = { programs: new Set(['lame', 'flac', 'ffmpeg']), ffmpegEncoders: ['alac'] };
  assert.deepEqual(
    allModes(machine).map(({ name }) => name),
    ['mp3', 'flac', 'test', 'f:alac'],
  );
});
