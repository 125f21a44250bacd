import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { CommentField, FlacMetadata } from '#src/sources/flac-metadata.js';
import { lostTags, tagContent } from '#src/task/tag-content.js';
import { makeFlac } from '../support/flac-builder.js';
import type { BuiltFlac } from '../support/flac-builder.js';
import { run, taskOf } from '../support/task-rig.js';
import type { TaskWishes } from '../support/task-rig.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

function sourceOf(fields: Readonly<Record<string, string>>): FlacMetadata {
  const streamInfo = { sampleRate: 44_100, channels: 2, bits: 16, samples: 1, md5: '' };
  const comments: readonly CommentField[] = Object.entries(fields).map(([name, value]) => ({
    name,
    value,
  }));
  return { streamInfo, comments, pictures: [], cueSheet: undefined, id3v2Bytes: 0 };
}

test('a picture in the old field COVERART is a front cover, whatever its type is said to be', () => {
  const source = sourceOf({ COVERART: PNG.toString('base64'), COVERARTMIME: 'image/jpeg' });
  const { pictures, fields } = tagContent(source, 'mp3');
  const [picture, ...others] = pictures;
  assert.deepEqual(others, []);
  assert.deepEqual([picture?.type, picture?.mime, picture?.width], [3, 'image/png', 1]);
  assert.deepEqual(picture?.data, PNG);
  assert.deepEqual(fields, []);
  assert.deepEqual(lostTags(source, { cue: true }), []);
});

test('a field that should hold a picture and does not is told of', () => {
  for (const name of ['METADATA_BLOCK_PICTURE', 'coverart']) {
    const source = sourceOf({ [name]: 'AAAA' });
    assert.deepEqual(tagContent(source, 'mp3').pictures, []);
    assert.deepEqual(lostTags(source, { cue: true }), [`${name} is left out: it holds no picture`]);
  }
});

test('NUL characters, which end texts elsewhere, are left out and told of', () => {
  const source = sourceOf({ 'A\0B': 'v', TITLE: 'x\0y', ALBUM: 'z' });
  assert.deepEqual(tagContent(source, 'mp3').fields, [
    { name: 'AB', value: 'v' },
    { name: 'TITLE', value: 'xy' },
    { name: 'ALBUM', value: 'z' },
  ]);
  assert.deepEqual(
    lostTags(source, { cue: true }).map((text) => text.split(' ', 1)[0]),
    ['AB', 'TITLE'],
  );
});

test('a cue sheet that cannot be read is told of where it had to become a field', () => {
  const source = { ...sourceOf({}), cueSheet: new Uint8Array(10) };
  assert.match(lostTags(source, { cue: true }).join(), /CUESHEET block is left out/);
  assert.deepEqual(lostTags(source, { cue: false }), []);
});

test('FLAC at a lower rate has the cue sheet, which counts samples, as a field', async (context) => {
  const data = Buffer.alloc(396 + 36 + 12 + 36);
  data[395] = 2;
  data[396 + 8] = 1;
  data[396 + 35] = 1;
  data[396 + 36 + 8] = 1;
  data[396 + 36 + 12 + 8] = 255;
  const blocks = [{ type: 5, data }];
  const kept = await make(context, { length: 4000, blocks }, { codec: 'flac' });
  assert.equal(metaflac('--list', '--block-type=CUESHEET', kept).length > 0, true);
  const limits = { sampleRate: 22_050 };
  const lowered = await make(context, { length: 4000, blocks }, { codec: 'flac', limits });
  assert.equal(metaflac('--list', '--block-type=CUESHEET', lowered), '');
  assert.match(metaflac('--show-tag=CUESHEET', lowered), /TRACK 01 AUDIO/);
});

const NUMBERS: BuiltFlac['comments'] = [
  ['TRACKNUMBER', '3'],
  ['TRACKNUMBER', '4'],
  ['TRACKTOTAL', '9'],
  ['DISCNUMBER', '1/2'],
  ['DISCNUMBER', '2/2'],
  ['BPM', '120'],
  ['BPM', '70000'],
  ['MUSICBRAINZ_TRACKID', 'first'],
  ['MUSICBRAINZ_TRACKID', 'second'],
];

/** Read by their bytes: what stands in the file cannot have been lost. */
const WRITTEN: Readonly<Record<string, readonly string[]>> = {
  mp3: ['TRACKNUMBER\x003\x004', 'DISCNUMBER\x001/2\x002/2', '120\x0070000', 'first', 'second'],
  aac: ['TRACKNUMBER', 'DISCNUMBER', 'BPM', '70000', '2/2', 'first', 'second'],
  'ffmpeg:wavpack': ['TRACKNUMBER\x003\x004', '1/2\x002/2', '120\x0070000', 'first\0second'],
};

for (const [codec, texts] of Object.entries(WRITTEN)) {
  test(`${codec}: further values of what has room for one are kept beside it`, async (context) => {
    const part = await make(context, { length: 4000, comments: NUMBERS }, { codec });
    const bytes = readFileSync(part, 'latin1');
    for (const text of texts) assert.ok(bytes.includes(text), JSON.stringify(text));
  });
}

test('APE: fields whose keys differ in case alone stand under one', async (context) => {
  const comments = [['DATE', '2001-02-03'], ['YEAR', '2001'], ['TRACKNUMBER', '8'], ['TRACK', '7']] as const; // prettier-ignore
  const part = await make(context, { length: 4000, comments }, { codec: 'ffmpeg:wavpack' });
  const bytes = readFileSync(part, 'latin1');
  assert.ok(bytes.includes('Year\x002001-02-03\x002001'));
  assert.ok(bytes.includes('Track\x008\x007'));
  assert.ok(!bytes.includes('YEAR\0'));
});

test('ASF: a tag that it cannot hold fails by name', async (context) => {
  const folder = temporaryFolder(context);
  const source = join(folder, 'a.flac');
  const comments = [['N'.repeat(40_000), 'v']] as const;
  writeFileSync(source, makeFlac({ length: 4000, comments }));
  const task = taskOf(source, { codec: 'ffmpeg:wmav2', part: join(folder, 'part') });
  const outcome = await run(task);
  assert.ok(outcome.status === 'failed');
  assert.equal(outcome.code, 'TAG_FAILED');
  assert.match(outcome.text, /no room for the tag NNN/);
});

async function make(
  context: TestContext,
  flac: BuiltFlac,
  { codec, ...wishes }: TaskWishes & { readonly codec: string },
): Promise<string> {
  const folder = temporaryFolder(context);
  const source = join(folder, 'a.flac');
  writeFileSync(source, makeFlac(flac));
  const part = join(folder, 'part');
  const outcome = await run(taskOf(source, { codec, part }, wishes));
  assert.equal(outcome.status, 'made', JSON.stringify(outcome));
  return part;
}

function metaflac(...args: readonly string[]): string {
  return execFileSync('metaflac', args, { encoding: 'utf8' });
}
