import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameFormat } from '#src/sources/name-format.js';

const named = (head: string, offset = 0): string => nameFormat(Buffer.from(head, 'latin1'), offset);

test('what is not FLAC is called by its name', () => {
  assert.equal(named('RIFF\x10\0\0\0WAVEfmt '), 'a RIFF/WAVE file');
  assert.equal(named('RIFF\x10\0\0\0AVI LIST'), 'an AVI file');
  assert.equal(named(`OggS${'\0'.repeat(24)}\x7fFLAC`), 'an Ogg stream with FLAC in it (Ogg FLAC)');
  assert.equal(named(`OggS${'\0'.repeat(24)}\x80theora`), 'an Ogg stream');
  assert.equal(named('\0\0\0\x20ftypM4A '), 'an MP4 or M4A file');
  assert.equal(named('\xff\xfb\x90\x64'), 'an MP3 file');
  assert.equal(named('\xff\xf1\x50\x80'), 'an AAC (ADTS) stream');
  assert.equal(named('\xff\xf8\xc9\x18'), 'FLAC frames without the header in front of them');
  assert.equal(named('<html>\n'), 'a text file');
  assert.equal(named('\0'.repeat(64)), 'NUL bytes (a broken download or a damaged disk?)');
  assert.equal(named('\x01\x02\x03\x04'), 'unknown data');
  assert.equal(named(''), 'empty (0 bytes)');
});

test('behind an ID3v2 tag all that is not known is an MP3 file', () => {
  assert.equal(named('\0\0\0\0', 1034), 'an MP3 file');
  assert.equal(named('', 1034), 'nothing but an ID3v2 tag');
  assert.equal(named('RIFF\x10\0\0\0WAVEfmt ', 1034), 'a RIFF/WAVE file');
});
