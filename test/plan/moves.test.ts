import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { SourceIdentity } from '#src/sources/identity.js';
import {
  audio,
  entry,
  fileOf,
  opusRecipe,
  outputSet,
  path,
  plan,
  rows,
  sha,
  source,
  stat,
  tags,
} from '../support/plan-case.js';

const song = source('a.flac');
const made = entry('a.flac');
const set160 = outputSet({
  profile: {
    name: 'phone',
    codec: 'opus',
    extension: 'opus',
    recipe: { ...opusRecipe, audio: { ...opusRecipe.audio, options: { bitrate: 160 } } },
  },
});

function songOf(name: string): SourceIdentity {
  return { audioId: audio(name), tagId: tags('t1') };
}

suite('moves', () => {
  const renamed = source('b.flac', { identity: { audioId: audio('a.flac'), tagId: tags('t1') } });

  test('the source was renamed: the output moves', () => {
    const made1 = plan({ sources: [renamed], entries: [made], disk: [fileOf(made)] });
    assert.deepEqual(rows(made1), ['move: source-renamed']);
    assert.equal(made1.changes[0]?.entry?.path, made.path);
    assert.equal(made1.changes[0]?.reasons[0]?.text, 'source renamed: a.flac -> b.flac');
  });

  test('the layout changed: the output moves', () => {
    const moved = { output: path('/out/x/a.opus'), set: outputSet(), source: song, sidecar: false };
    const made1 = plan({ desired: [moved], entries: [made], disk: [fileOf(made)] });
    assert.deepEqual(rows(made1), ['move: layout-changed']);
  });

  test('renamed and retagged: both reasons', () => {
    const both = { ...renamed, identity: { audioId: audio('a.flac'), tagId: tags('t2') } };
    const made1 = plan({ sources: [both], entries: [made], disk: [fileOf(made)] });
    assert.deepEqual(rows(made1), ['move: source-renamed, tags-changed']);
  });

  test('names that shift or swap: every output moves, also onto one that moves away', () => {
    const next = entry('b.flac');
    const shifted = [renamed, source('c.flac', { identity: songOf('b.flac') })];
    const disk = [fileOf(made), fileOf(next)];
    const chain = plan({ sources: shifted, entries: [made, next], disk });
    assert.deepEqual(rows(chain), ['move: source-renamed', 'move: source-renamed']);
    const swapped = [source('a.flac', { identity: songOf('b.flac') }), renamed];
    const ring = plan({ sources: swapped, entries: [made, next], disk });
    assert.deepEqual(
      ring.changes.map(({ output, entry: from }) => [from?.path, output]),
      [
        [next.path, made.path],
        [made.path, next.path],
      ],
    );
  });

  test('a target takes with it what its output makes way for', () => {
    const next = entry('b.flac');
    const sources = [renamed, source('c.flac', { identity: songOf('b.flac') })];
    const targeted = (output: string): boolean => output === '/out/b.opus';
    const all = { sources, entries: [made, next], disk: [fileOf(made), fileOf(next)] };
    assert.deepEqual(rows(plan({ ...all, input: { targeted } })), [
      'move: source-renamed',
      'move: source-renamed',
    ]);
  });

  test('the same file under a name in another case moves, and is made again if it has to be', () => {
    const fact = { kind: 'file', stat: made.output.stat, alias: made.path } as const;
    const at = { entries: [made], disk: [fileOf(made), [path('/out/A.opus'), fact] as const] };
    const same = source('A.flac', { identity: songOf('a.flac') });
    assert.deepEqual(rows(plan({ ...at, sources: [same] })), ['move: source-renamed']);
    const other = source('A.flac', { identity: songOf('b.flac') });
    assert.deepEqual(rows(plan({ ...at, sources: [other] })), [
      'move: source-renamed, audio-changed',
    ]);
  });

  test('what the encoder of now would make otherwise is no move', () => {
    const encoders = new Map([['phone', 'opusenc 0.3']]);
    const upgraded = { sources: [renamed], entries: [made], disk: [fileOf(made)] };
    const policy = { rebuildOnEncoderChange: true };
    assert.deepEqual(rows(plan({ ...upgraded, policy, input: { encoders } })), [
      'create: no-output',
      'orphan: source-removed, prune-off',
    ]);
  });

  test('another recipe, or a file that is no longer ours, is no move', () => {
    const other = plan({
      outputs: [set160],
      sources: [renamed],
      entries: [made],
      disk: [fileOf(made)],
    });
    assert.deepEqual(rows(other), ['create: no-output', 'orphan: source-removed, prune-off']);
    const foreign = { kind: 'file', stat: stat(1), sha256: sha('b') } as const;
    const changed = plan({ sources: [renamed], entries: [made], disk: [[made.path, foreign]] });
    assert.deepEqual(rows(changed), [
      'create: no-output',
      'forget: modified-outside, source-removed',
    ]);
  });

  test('the same audio twice is never taken for a rename', () => {
    const twin = source('c.flac', { identity: { audioId: audio('a.flac'), tagId: tags('t1') } });
    const made1 = plan({ sources: [renamed, twin], entries: [made], disk: [fileOf(made)] });
    assert.deepEqual(rows(made1), [
      'create: no-output',
      'create: no-output',
      'orphan: source-removed, prune-off',
    ]);
    const copied = plan({ sources: [song, twin], entries: [made], disk: [fileOf(made)] });
    assert.deepEqual(rows(copied), ['create: no-output']);
  });
});
