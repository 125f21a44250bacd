import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepted } from '#src/run/accept-outputs.js';
import { audio, entry, fileOf, path, plan, sha, source, stat } from '../support/plan-case.js';
import type { Case } from '../support/plan-case.js';

const opus = entry('a.flac', { encoder: 'opusenc 0.2' });
const encoders = new Map([[opus.set, 'opusenc 0.3']]);
const upgraded: Case = {
  sources: [source('a.flac')],
  entries: [opus],
  disk: [fileOf(opus)],
  policy: { rebuildOnEncoderChange: true },
  input: { encoders },
};

test('after an upgrade the row names the new encoder, and nothing is to be made', () => {
  const [change] = plan(upgraded).changes;
  assert.equal(change?.action, 'update');
  const edit = accepted(change, new Map([fileOf(opus)]));
  assert.deepEqual(edit?.now, { ...opus, encoder: 'opusenc 0.3' });
  assert.deepEqual(plan({ ...upgraded, entries: [edit.now] }).changes, []);
});

test('other reasons for a new encode stay', () => {
  const changed = {
    ...upgraded,
    sources: [source('a.flac', { identity: { audioId: audio('b'), tagId: opus.source.tagId } })],
  };
  const [change] = plan(changed).changes;
  assert.ok(change !== undefined);
  const edit = accepted(change, new Map([fileOf(opus)]));
  assert.ok(edit?.now !== undefined);
  const left = plan({ ...changed, entries: [edit.now] }).changes;
  assert.deepEqual(
    left.flatMap(({ reasons }) => reasons.map(({ code }) => code)),
    ['audio-changed'],
  );
});

test('drift is accepted with the checksum that was read, and only where there is a file', () => {
  const file = { kind: 'file', stat: stat(50), sha256: sha('b') } as const;
  const drifted = { ...upgraded, policy: {}, input: {}, disk: [[path(opus.path), file]] as const };
  const [change] = plan(drifted).changes;
  assert.equal(change?.action, 'drift');
  const edit = accepted(change, new Map([[opus.path, file]]));
  assert.deepEqual(edit?.now?.output, { ...opus.output, stat: file.stat, sha256: file.sha256 });
  const folder = { kind: 'other', text: 'a folder' } as const;
  assert.equal(accepted(change, new Map([[opus.path, folder]])), undefined);
});

test('what is only new, moved or missing has nothing to accept', () => {
  const [change] = plan({ sources: [source('new.flac')] }).changes;
  assert.equal(change?.action, 'create');
  assert.equal(accepted(change, new Map()), undefined);
});
