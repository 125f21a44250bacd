import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { test } from 'node:test';
import { readFlacHeader, readFlacMetadata } from '#src/sources/flac-header.js';
import type { FlacHeader, ReadFlac } from '#src/sources/flac-header.js';
import type { SourceProblem } from '#src/sources/source.js';
import {
  buildHeader,
  commentBlock,
  makeFlac,
  paddingBlock,
  pictureBlock,
  streamInfoBlock,
} from '../support/flac-builder.js';
import type { BuiltBlock } from '../support/flac-builder.js';
import { plant, temporaryFolder } from '../support/temporary-folder.js';
import { unprivileged } from '../support/unprivileged.js';
import type { TestContext } from 'node:test';

function header(t: TestContext, bytes: Uint8Array | string): FlacHeader {
  const read = readFlacHeader(plant(temporaryFolder(t), 'a.flac', bytes), { wantFields: true });
  assert.ok(read.ok, JSON.stringify(read));
  return read.value;
}

async function metadata(t: TestContext, bytes: Uint8Array | string): Promise<ReadFlac> {
  const read = await readFlacMetadata(plant(temporaryFolder(t), 'a.flac', bytes));
  assert.ok(read.ok, JSON.stringify(read));
  return read.value;
}

/** Both readers must say the same. */
async function problem(t: TestContext, bytes: Uint8Array | string): Promise<SourceProblem> {
  const path = plant(temporaryFolder(t), 'a.flac', bytes);
  const [fast, full] = [readFlacHeader(path), await readFlacMetadata(path)];
  assert.ok(!fast.ok && !full.ok);
  assert.deepEqual(fast.error, full.error);
  return fast.error;
}

const info = streamInfoBlock();
const withBlocks = (...blocks: readonly BuiltBlock[]): Buffer => buildHeader([info, ...blocks]);
const md5 = '0123456789abcdef0123456789abcdef';

test('reads STREAMINFO to its last bit', (t) => {
  const shape = { sampleRate: 655_350, channels: 8, bits: 32, samples: 2 ** 36 - 1, md5 };
  assert.deepEqual(header(t, buildHeader([streamInfoBlock(shape)])).streamInfo, shape);
});

test('reads tags, pictures and the cue sheet', async (t) => {
  const cover = Buffer.from([1, 2, 3]);
  const cueSheet = Buffer.from('cue');
  const read = await metadata(
    t,
    withBlocks(
      { type: 5, data: cueSheet },
      pictureBlock({ type: 4, mime: 'image/jpeg', description: 'Rückseite', data: cover }),
      paddingBlock(100),
      commentBlock([
        ['TITLE', 'Symphony No. 5: a=b\nsecond line'],
        ['artist', 'A'],
        ['ARTIST', 'B'],
        ['EMPTY', ''],
      ]),
    ),
  );
  assert.deepEqual(read.comments, [
    { name: 'TITLE', value: 'Symphony No. 5: a=b\nsecond line' },
    { name: 'artist', value: 'A' },
    { name: 'ARTIST', value: 'B' },
    { name: 'EMPTY', value: '' },
  ]);
  const [picture] = read.pictures;
  assert.deepEqual(picture, {
    type: 4,
    mime: 'image/jpeg',
    description: 'Rückseite',
    width: 1,
    height: 1,
    depth: 24,
    colors: 0,
    data: cover,
  });
  assert.deepEqual(read.cueSheet, cueSheet);
  assert.deepEqual(read.warnings, []);
});

test('gives the first value of each field, by upper-case name', (t) => {
  const bytes = withBlocks(commentBlock([['artist', 'A'], ['ARTIST', 'B'], ['Date', '1999']])); // prettier-ignore
  assert.deepEqual([...(header(t, bytes).fields ?? [])], [['ARTIST', 'A'], ['DATE', '1999']]); // prettier-ignore
});

test('passes over ID3v2 tags in front, footers included', async (t) => {
  const id3 = Buffer.concat([
    Buffer.from('ID3\x04\0\x10\0\0\x01\x02', 'latin1'),
    Buffer.alloc(140),
  ]);
  const bytes = Buffer.concat([id3, id3, makeFlac({ length: 10 })]);
  const read = await metadata(t, bytes);
  assert.equal(read.id3v2Bytes, 2 * id3.length);
  assert.match(read.warnings.join(), /ID3v2 tag in front of the audio is left out/);
  assert.equal(header(t, bytes).streamInfo.samples, 10);
});

test('has no audio identity without MD5 or length', (t) => {
  const unset = streamInfoBlock({ md5: '0'.repeat(32) });
  assert.equal(header(t, buildHeader([unset])).identity.audioId, undefined);
  const endless = streamInfoBlock({ samples: 0 });
  assert.equal(header(t, buildHeader([endless])).identity.audioId, undefined);
  const expected = `flac:${md5}/1000/44100/2/16`;
  assert.equal(header(t, buildHeader([info])).identity.audioId, expected);
});

test('takes what is there of a VORBIS_COMMENT block that counts wrongly', async (t) => {
  const many = await metadata(t, withBlocks(commentBlock([['A', 'b']], { count: 0xffff_ffff })));
  assert.deepEqual(many.comments, [{ name: 'A', value: 'b' }]);
  assert.deepEqual(many.warnings, ['VORBIS_COMMENT announces 4294967295 fields, 1 are there']);
  const none = await metadata(t, withBlocks({ type: 4, data: Buffer.from([255, 255, 0, 0, 1]) }));
  assert.deepEqual(none.comments, []);
  assert.match(none.warnings.join(), /ends inside its vendor string/);
});

test('warns of tags that are not UTF-8 and of those without a name', async (t) => {
  const comments = commentBlock([['A', 'Bj?rk'], ['', 'x']]); // prettier-ignore
  const data = Buffer.from(comments.data);
  data[data.indexOf('?')] = 0xf6;
  const read = await metadata(t, withBlocks({ type: 4, data }));
  assert.deepEqual(read.comments, [{ name: 'A', value: 'Bj\uFFFDrk' }]);
  assert.equal(read.warnings.length, 2);
});

test('is not misled by length words that are no UTF-8', async (t) => {
  const read = await metadata(t, withBlocks(commentBlock([['A', 'x'.repeat(0xff)]])));
  assert.deepEqual(read.warnings, []);
});

test('takes the first of repeated VORBIS_COMMENT blocks, which is the one that editors show', async (t) => {
  const bytes = withBlocks(commentBlock([['A', '1']]), commentBlock([['A', '2']]));
  const read = await metadata(t, bytes);
  assert.deepEqual(read.comments, [{ name: 'A', value: '1' }]);
  assert.equal(read.warnings.length, 1);
  const stale = withBlocks(commentBlock([['A', '1']]), commentBlock([['A', '3']]));
  assert.deepEqual(header(t, bytes).identity, header(t, stale).identity);
});

test('leaves out a picture whose lengths lie, but not from the identity', async (t) => {
  const data = Buffer.from(pictureBlock({ data: Buffer.alloc(9) }).data);
  data.writeUInt32BE(0x7fff_ffff, 4);
  const read = await metadata(t, withBlocks({ type: 6, data }, commentBlock([['A', 'b']])));
  assert.deepEqual(read.pictures, []);
  assert.deepEqual(read.comments, [{ name: 'A', value: 'b' }]);
  assert.equal(read.warnings.length, 1);
  assert.doesNotMatch(read.identity.tagId, /p:-/);
});

const strangers: Readonly<Record<string, readonly [Uint8Array | string, RegExp]>> = {
  empty: ['', /^not FLAC: empty \(0 bytes\)$/],
  WAVE: ['RIFF\0\0\0\0WAVEfmt ', /a RIFF\/WAVE file/],
  'Ogg FLAC': [Buffer.from(`OggS${'\0'.repeat(24)}\x7fFLAC`), /Ogg FLAC/],
  'Ogg Opus': [Buffer.from(`OggS${'\0'.repeat(24)}OpusHead`), /an Ogg stream with Opus/],
  MP3: [Buffer.from([0xff, 0xfb, 0x90, 0]), /an MP3 file/],
  'MP3 with ID3v2': [Buffer.from('ID3\x03\0\0\0\0\0\x02ab??data'), /an MP3 file/],
  'nothing but ID3v2': [Buffer.from('ID3\x03\0\0\0\0\0\x02ab'), /nothing but an ID3v2 tag/],
  ADTS: [Buffer.from([0xff, 0xf1, 0x50, 0x80]), /an AAC \(ADTS\) stream/],
  'frames without header': [Buffer.from([0xff, 0xf8, 0xc9, 8]), /FLAC frames without/],
  M4A: ['\0\0\0\x20ftypM4A ', /an MP4 or M4A file/],
  text: ['#EXTM3U\n', /a text file/],
  zeros: [Buffer.alloc(100), /NUL bytes/],
  noise: [Buffer.from([3, 200, 7]), /unknown data/],
  'endless ID3v2': [Buffer.from('ID3\x03\0\0\0\0\0\0'.repeat(20)), /more than 8 ID3v2 tags/],
};

for (const [name, [bytes, text]] of Object.entries(strangers)) {
  test(`says what it is instead of FLAC: ${name}`, async (t) => {
    const found = await problem(t, bytes);
    assert.equal(found.code, 'NOT_FLAC');
    assert.match(found.text, text);
  });
}

test('says where a truncated header ends', async (t) => {
  const whole = withBlocks(commentBlock([['A', 'b']]));
  const text = async (bytes: number): Promise<string> => {
    const found = await problem(t, whole.subarray(0, bytes));
    assert.equal(found.code, 'TRUNCATED_HEADER');
    return found.text;
  };
  assert.match(await text(4), /ends before its metadata does \(4 bytes\)/);
  assert.match(await text(30), /inside its STREAMINFO block \(22 of 34 bytes\)/);
  assert.match(await text(44), /ends before its metadata does/);
  assert.match(await text(whole.length - 1), /inside its VORBIS_COMMENT block/);
  assert.match((await problem(t, 'ID3\x03\0\0\0\0\x7f\x7f')).text, /ends inside an ID3v2 tag/);
});

test('refuses headers that break the format', async (t) => {
  const invalid = async (bytes: Uint8Array): Promise<string> => {
    const found = await problem(t, bytes);
    assert.equal(found.code, 'INVALID_HEADER');
    return found.text;
  };
  assert.match(await invalid(buildHeader([commentBlock([]), info])), /first .* not STREAMINFO/);
  assert.match(
    await invalid(buildHeader([{ type: 0, data: Buffer.alloc(33) }])),
    /33 bytes, not 34/,
  );
  assert.match(
    await invalid(withBlocks({ type: 127, data: Buffer.alloc(0) })),
    /forbidden type 127/,
  );
  assert.match(await invalid(buildHeader([streamInfoBlock({ sampleRate: 0 })])), /0 Hz/);
  const endless = Array.from({ length: 70_000 }, () => paddingBlock(0));
  assert.match(await invalid(withBlocks(...endless)), /more than 65536 metadata blocks/);
});

test('says why a file cannot be read', async (t) => {
  const root = temporaryFolder(t);
  mkdirSync(`${root}/folder.flac`);
  execFileSync('mkfifo', [`${root}/pipe.flac`]);
  plant(root, 'secret.flac', makeFlac({ length: 1 }));
  chmodSync(`${root}/secret.flac`, 0);
  const expected: Record<string, RegExp> = {
    'none.flac': /^ENOENT: no such file or directory$/,
    'folder.flac': /^not a regular file$/,
    'pipe.flac': /^not a regular file$/,
    'secret.flac': /^EACCES: permission denied$/,
  };
  chmodSync(root, 0o755);
  for (const [name, text] of Object.entries(expected)) {
    const path = `${root}/${name}`;
    const [fast, full] = await unprivileged(async () => [
      readFlacHeader(path),
      await readFlacMetadata(path),
    ]);
    assert.ok(!fast.ok && !full.ok);
    assert.deepEqual(fast.error, full.error);
    assert.equal(fast.error.code, 'SOURCE_UNREADABLE');
    assert.match(fast.error.text, text);
  }
});
