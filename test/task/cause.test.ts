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
    'DECODE_FAILED: /a.flac: damaged or cut short (flac: ERROR while decoding data)',
  );
  assert.equal(
    cause(flac(1), lame(0)),
    'DECODE_FAILED: /a.flac: cannot be decoded whole (flac: exit code 1)',
  );
});

const code = (name: string): string =>
  `*** Got error code 7:FLAC__STREAM_DECODER_ERROR_STATUS_${name}\n`;

for (const [said, text] of [
  [code('LOST_SYNC') + code('BAD_HEADER'), 'damaged or cut short (flac: lost sync)'],
  [code('BAD_HEADER') + code('LOST_SYNC'), 'damaged or cut short (flac: bad header)'],
  [
    code('FRAME_CRC_MISMATCH') + code('LOST_SYNC'),
    'damaged: a checksum in its audio is wrong (flac: frame crc mismatch)',
  ],
  [
    code('UNPARSEABLE_STREAM'),
    'damaged, or of a form that this flac does not know (flac: unparseable stream)',
  ],
  [
    'ERROR, MD5 signature mismatch\n',
    'its audio is not what was encoded (flac: MD5 signature mismatch)',
  ],
  [
    'ERROR, decoded number of samples is smaller than the total number of samples set in the STREAMINFO\n',
    'cut short, or its header states too great a length (flac: decoded number of samples is smaller than the total number of samples set in the STREAMINFO)',
  ],
  [
    'ERROR, sample rate is 44100 in frame but 48000 in STREAMINFO\n',
    'its header and its audio contradict each other (flac: sample rate is 44100 in frame but 48000 in STREAMINFO)',
  ],
  [code('SOMETHING_NEW'), 'cannot be decoded whole (flac: something new)'],
] as const) {
  test(`what flac says is put in plain words: ${text}`, () => {
    for (const name of ['a.flac', '-']) {
      const stderrTail = `${name}: ${said}\n${name}: ERROR during decoding\n   state = FLAC__ABORTED\n`;
      assert.equal(cause(flac(1, { stderrTail }), lame(0)), `DECODE_FAILED: /a.flac: ${text}`);
    }
  });
}

test('a tail that begins in the midst of a line is understood all the same', () => {
  const stderrTail = `ERROR_STATUS_LOST_SYNC\n${code('LOST_SYNC')}`;
  const found = cause(flac(1, { stderrTail }));
  assert.equal(found, 'DECODE_FAILED: /a.flac: damaged or cut short (flac: lost sync)');
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
