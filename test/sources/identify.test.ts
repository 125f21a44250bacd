import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { rmSync, statSync } from 'node:fs';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Sha256 } from '#src/lib/brand.js';
import { statKey } from '#src/lib/stat-key.js';
import type { StatKey } from '#src/lib/stat-key.js';
import { identifySources } from '#src/sources/identify.js';
import { audioShapeOf } from '#src/sources/known-source.js';
import type { IdentifyOptions } from '#src/sources/identify.js';
import { NO_TAGS } from '#src/sources/identity.js';
import type { AudioId, SourceIdentity, TagId } from '#src/sources/identity.js';
import type { KnownSource } from '#src/sources/known-source.js';
import type { ScannedFile, SourceFact } from '#src/sources/source.js';
import { makeFlac } from '../support/flac-builder.js';
import type { BuiltFlac } from '../support/flac-builder.js';
import { plant, temporaryFolder } from '../support/temporary-folder.js';

const song: BuiltFlac = { length: 50, comments: [['TITLE', 'a']] }; // prettier-ignore

function scanned(t: TestContext, bytes: Uint8Array, rel = 'a.flac'): ScannedFile {
  const path = plant(temporaryFolder(t), rel, bytes);
  return { rel, path, stat: statKey(statSync(path, { bigint: true })) };
}

const sha256 = (bytes: Uint8Array): Sha256 =>
  createHash('sha256').update(bytes).digest('hex') as Sha256;

async function identify(
  file: ScannedFile,
  known: readonly KnownSource[] = [],
  options: IdentifyOptions = {},
): Promise<SourceFact> {
  const [fact] = await identifySources([file], () => known, options);
  assert.ok(fact);
  return fact;
}

/** A ledger row of the file as it is now. */
async function rowOf(file: ScannedFile, bytes: Uint8Array): Promise<KnownSource> {
  const { identity } = await identify(file);
  assert.ok(identity);
  return { path: file.path, stat: file.stat, sha256: sha256(bytes), ...identity };
}

function assertIdentity({ identity }: SourceFact, { audioId, tagId }: SourceIdentity): void {
  assert.deepEqual([identity?.audioId, identity?.tagId], [audioId, tagId]);
}

const otherStat = '1:2:3:4' as StatKey;

test('a new file is identified by its header', async (t) => {
  const fact = await identify(scanned(t, makeFlac(song)));
  assert.match(fact.identity?.audioId ?? '', /^flac:[0-9a-f]{32}\/50\/44100\/2\/16$/);
  assert.match(fact.identity?.tagId ?? '', /^v:[0-9a-f]{16},p:-,c:-$/);
  assert.deepEqual(fact.audio, { samples: 50, sampleRate: 44_100, channels: 2, bits: 16 });
  assert.equal(fact.fields, undefined);
  assert.equal(fact.problem, undefined);
});

test('an equal stat is trusted without a read (T0)', async (t) => {
  const bytes = makeFlac(song);
  const file = scanned(t, bytes);
  const row = await rowOf(file, bytes);
  rmSync(file.path);
  const fact = await identify(file, [row, row]);
  assertIdentity(fact, row);
  const shape = { samples: 50, sampleRate: 44_100, channels: 2, bits: 16 };
  assert.deepEqual(audioShapeOf(row.audioId), shape);
});

test('a stat that differs from any record is not trusted', async (t) => {
  const bytes = makeFlac(song);
  const file = scanned(t, bytes);
  const row = await rowOf(file, bytes);
  rmSync(file.path);
  const rows: readonly (readonly KnownSource[])[] = [
    [{ ...row, stat: otherStat }],
    [row, { ...row, stat: otherStat }],
    [row, { ...row, tagId: 'v:0,p:-,c:-' as TagId }],
    [{ ...row, racy: true }],
  ];
  for (const known of rows) {
    assert.equal((await identify(file, known)).problem?.code, 'SOURCE_UNREADABLE');
  }
});

test('a touched file keeps its identity by its header (T1)', async (t) => {
  const bytes = makeFlac(song);
  const file = scanned(t, bytes);
  const row = await rowOf(file, bytes);
  const fact = await identify(file, [{ ...row, stat: otherStat, sha256: sha256(Buffer.of(1)) }]);
  assertIdentity(fact, row);
});

test('without an MD5 the bytes are the identity (T2)', async (t) => {
  const bytes = makeFlac({ ...song, withoutMd5: true });
  const file = scanned(t, bytes);
  const { identity } = await identify(file);
  assert.equal(identity?.audioId, `sha256:${sha256(bytes)}`);
  assert.match(identity?.tagId ?? '', /^v:[0-9a-f]{16},/);
});

test('a header equal to that of a racy record is believed only with equal bytes', async (t) => {
  const bytes = makeFlac(song);
  const file = scanned(t, bytes);
  const row: KnownSource = { ...(await rowOf(file, bytes)), racy: true };
  assert.equal((await identify(file, [row])).identity?.audioId, row.audioId);
  const hidden = { ...row, sha256: sha256(Buffer.of(1)) };
  const { identity } = await identify(file, [hidden]);
  assert.equal(identity?.audioId, `sha256:${sha256(bytes)}`);
  const retagged = { ...hidden, tagId: 'v:0,p:-,c:-' as TagId };
  assert.equal((await identify(file, [retagged])).identity?.audioId, row.audioId);
});

test('tags are read where a layout needs them, also of files that are trusted', async (t) => {
  const bytes = makeFlac(song);
  const file = scanned(t, bytes);
  const row = { ...(await rowOf(file, bytes)), audioId: `sha256:${'0'.repeat(64)}` as AudioId };
  const fact = await identify(file, [row], { wantFields: true });
  assert.deepEqual([...(fact.fields ?? [])], [['TITLE', 'a']]);
  assert.equal(fact.identity?.audioId, row.audioId);
  assert.equal(fact.audio?.samples, 50);
});

test('what is not FLAC is a problem', async (t) => {
  const fact = await identify(scanned(t, Buffer.from('RIFF....WAVE')));
  assert.deepEqual(fact.problem, { code: 'NOT_FLAC', text: 'not FLAC: a RIFF/WAVE file' });
  assert.equal(fact.identity, undefined);
});

test('sidecars are read only where a record differs', async (t) => {
  const bytes = Buffer.from('JPEG');
  const file = scanned(t, bytes, 'cover.jpg');
  const sidecar = true;
  assert.equal((await identify(file, [], { sidecar })).identity, undefined);
  const identity = { audioId: `sha256:${sha256(bytes)}` as AudioId, tagId: NO_TAGS };
  const row = { path: file.path, stat: otherStat, sha256: sha256(bytes), ...identity };
  assertIdentity(await identify(file, [row], { sidecar }), identity);
  rmSync(file.path);
  assert.equal((await identify(file, [row], { sidecar })).problem?.code, 'SOURCE_UNREADABLE');
  const same = { ...row, stat: file.stat };
  assertIdentity(await identify(file, [same], { sidecar }), identity);
});

test('facts keep the order of the files; progress ends at the total; an abort rejects', async (t) => {
  const files = Array.from({ length: 40 }, (_, index) =>
    scanned(t, makeFlac({ length: index + 1 })),
  );
  const seen: number[] = [];
  const facts = await identifySources(files, () => [], { onProgress: (done) => seen.push(done) });
  assert.deepEqual(facts.map(({ audio }) => audio?.samples), files.map((_, index) => index + 1)); // prettier-ignore
  assert.equal(seen.at(-1), files.length);
  const reason = new Error('stop');
  const signal = AbortSignal.abort(reason);
  const unset = scanned(t, makeFlac({ length: 1, withoutMd5: true }));
  await assert.rejects(
    identifySources([unset], () => [], { signal }),
    reason,
  );
});
