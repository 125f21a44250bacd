import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import * as fc from 'fast-check';
import { readFlacMetadata } from '#src/sources/flac-header.js';
import { cueText } from '#src/task/cue-text.js';
import { tagContent } from '#src/task/tag-content.js';
import type { FlacMetadata } from '#src/sources/flac-metadata.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { writeTone } from '../support/tone.js';

const CUE = `CATALOG 1234567890123
FILE "audio" WAVE
  TRACK 01 AUDIO
    ISRC USABC1234567
    INDEX 01 00:00:00
  TRACK 02 AUDIO
    FLAGS PRE
    INDEX 00 00:00:30
    INDEX 01 00:00:37
`;

/** A FLAC file with a cue sheet that metaflac made of the text. */
async function withCueSheet(context: TestContext): Promise<FlacMetadata> {
  const folder = temporaryFolder(context);
  const [source, cue] = [join(folder, 'a.flac'), join(folder, 'a.cue')];
  writeTone(source);
  writeFileSync(cue, CUE);
  const done = spawnSync('metaflac', [`--import-cuesheet-from=${cue}`, source]);
  assert.equal(done.status, 0, String(done.stderr));
  const read = await readFlacMetadata(source);
  assert.ok(read.ok);
  return read.value;
}

test('a cue sheet that metaflac wrote is read back', async (context) => {
  const { cueSheet, streamInfo } = await withCueSheet(context);
  assert.ok(cueSheet);
  assert.equal(cueText(cueSheet, streamInfo.sampleRate), CUE);
});

test('it is a field wherever there is no block for it, unless the source has one', async (context) => {
  const source = await withCueSheet(context);
  const cueOf = (metadata: FlacMetadata, container: 'flac' | 'ogg-opus'): readonly string[] =>
    tagContent(metadata, container)
      .fields.filter(({ name }) => name === 'CUESHEET')
      .map(({ value }) => value);
  assert.deepEqual(cueOf(source, 'ogg-opus'), [CUE]);
  assert.deepEqual(cueOf(source, 'flac'), []);
  const own = [{ name: 'CUESHEET', value: 'mine' }];
  assert.deepEqual(cueOf({ ...source, comments: own }, 'ogg-opus'), ['mine']);
});

test('any bytes are a cue sheet or none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 380, maxLength: 600 }), (bytes) => {
      const text = cueText(bytes, 44_100);
      assert.ok(text === undefined || text.includes('TRACK'));
    }),
  );
});
