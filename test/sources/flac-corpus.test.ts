import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { readFlacHeader, readFlacMetadata } from '#src/sources/flac-header.js';
import { corpus, corpusMissing } from '../support/corpus.js';

test('reads every header of the corpus as it is known to be', { skip: corpusMissing }, async () => {
  assert.ok(corpus);
  let whole = 0;
  for (const [rel, expected] of Object.entries(corpus.files)) {
    const path = join(corpus.root, rel);
    const fast = readFlacHeader(path);
    const full = await readFlacMetadata(path);
    assert.equal(fast.ok, full.ok, rel);
    if (expected.verdict === 'convert') assert.ok(fast.ok, rel);
    if (expected.verdict === 'not-flac') assert.ok(!fast.ok && fast.error.code === 'NOT_FLAC', rel);
    if (!fast.ok || !full.ok) continue;
    whole += 1;
    const { streamInfo, identity } = fast.value;
    assert.deepEqual(full.value.streamInfo, streamInfo, rel);
    assert.deepEqual(full.value.identity, identity, rel);
    if (rel.endsWith('.oga')) {
      // No more is known of FLAC in Ogg.
      assert.equal(streamInfo.samples, expected.expected_samples, rel);
      continue;
    }
    assert.equal(streamInfo.md5, expected.streaminfo_md5, rel);
    assert.equal(streamInfo.sampleRate, expected.sample_rate, rel);
    assert.equal(streamInfo.channels, expected.channels, rel);
    assert.equal(streamInfo.bits, expected.bits, rel);
    assert.equal(full.value.pictures.length, expected.pictures, rel);
    if (expected.verdict === 'convert' && streamInfo.samples !== 0) {
      assert.equal(streamInfo.samples, expected.expected_samples, rel);
    }
  }
  assert.ok(whole > 60, `${whole} whole headers`);
});

async function commentsOf(rel: string): Promise<readonly string[]> {
  assert.ok(corpus);
  const full = await readFlacMetadata(join(corpus.root, rel));
  assert.ok(full.ok, rel);
  return full.value.comments.map(({ name, value }) => `${name}=${value}`);
}

test('reads what other programs lose', { skip: corpusMissing }, async () => {
  const suite = 'ietf-wg-cellar+flac-test-files';
  const many = await commentsOf(`good/${suite}/54 - 1000x repeating VORBISCOMMENT.flac`);
  assert.equal(many.length, 20_000);
  const lying = `broken/${suite}/10 - invalid vorbis comment metadata block.flac`;
  assert.deepEqual(await commentsOf(lying), ['SET=faulty']);
  const repeated = await commentsOf('good/ruuda+claxon/repeated_vorbis_comment.flac');
  assert.deepEqual(repeated, ['FOO=bar', 'FOO=baz']);
});
