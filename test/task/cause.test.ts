import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blameReaders, findCause } from '#src/task/cause.js';
import type { Exit } from '#src/task/child.js';

const exit = (name: string, code: number | undefined, more: Partial<Exit> = {}): Exit => ({
  name,
  code,
  signal: undefined,
  stderrTail: '',
  ...more,
});
const flac = (code: number | undefined, more?: Partial<Exit>): Exit => exit('flac', code, more);
const lame = (code: number | undefined, more?: Partial<Exit>): Exit => exit('lame', code, more);
const cause = (...exits: readonly Exit[]): string | undefined => {
  const found = findCause(exits, '/a.flac');
  return found && `${found.code}: ${found.text}`;
};

test('all did well', () => {
  assert.equal(cause(flac(0), lame(0)), undefined);
});

test('a decoder that fails by itself is the cause, whatever its reader did', () => {
  const stderrTail = 'a.flac: 10% complete\na.flac: ERROR while decoding data\n';
  assert.equal(
    cause(flac(1, { stderrTail }), lame(1)),
    'DECODE_FAILED: /a.flac: cannot be decoded whole: ERROR while decoding data',
  );
  assert.match(cause(flac(1), lame(0)) ?? '', /flac ended with exit code 1$/);
});

test('a decoder that lost its reader is a victim', () => {
  const stderrTail = 'ERROR: cannot write: Broken pipe';
  const found = cause(flac(1, { stderrTail }), lame(2, { stderrTail: 'unsupported rate' }));
  assert.equal(found, 'ENCODE_FAILED: /a.flac: lame ended with exit code 2: unsupported rate');
});

test('a reader that stops early and says nothing is found by its victim', () => {
  const killed = flac(undefined, { signal: 'SIGPIPE' });
  assert.equal(
    cause(killed, lame(0)),
    'LENGTH_MISMATCH: /a.flac: lame stopped before flac had given it all audio',
  );
});

test('of several readers the last that failed by itself is to blame', () => {
  const ffmpeg = exit('ffmpeg', 1, { stderrTail: 'Broken pipe' });
  const found = blameReaders([flac(0), ffmpeg, lame(undefined, { signal: 'SIGKILL' })], '/a.flac');
  assert.deepEqual([found?.class, found?.code], ['crash', 'ENCODER_KILLED']);
});

test('a program that never started is missing', () => {
  assert.equal(cause(flac(0), lame(undefined)), 'ENCODER_MISSING: lame cannot be started');
});
