import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { entry, fileOf, outputSet, path, plan, rows, sha, stat } from '../support/plan-case.js';

const made = entry('a.flac');

suite('not wanted, with a row', () => {
  const pruning = [outputSet({ prune: true })];

  test('source removed, excluded, profile removed: delete with that reason', () => {
    const gone = { outputs: pruning, entries: [made], disk: [fileOf(made)] };
    assert.deepEqual(rows(plan(gone)), ['delete: source-removed']);
    assert.deepEqual(rows(plan({ ...gone, input: { sourceExists: () => true } })), [
      'delete: excluded',
    ]);
    const other = entry('a.flac', { set: 'car' });
    assert.deepEqual(rows(plan({ ...gone, entries: [other] })), ['delete: profile-removed']);
  });

  test('prune off: orphan; for a removed profile also when any other output keeps its files', () => {
    assert.deepEqual(rows(plan({ entries: [made], disk: [fileOf(made)] })), [
      'orphan: source-removed, prune-off',
    ]);
    const mixed = [outputSet({ prune: true }), outputSet({ name: 'b', root: path('/b') })];
    const other = entry('a.flac', { set: 'car' });
    assert.deepEqual(rows(plan({ outputs: mixed, entries: [other], disk: [fileOf(other)] })), [
      'orphan: profile-removed, prune-off',
    ]);
  });

  test('changed by somebody: forgotten and kept; already gone: forgotten', () => {
    const foreign = { kind: 'file', stat: stat(1), sha256: sha('b') } as const;
    assert.deepEqual(
      rows(plan({ outputs: pruning, entries: [made], disk: [[made.path, foreign]] })),
      ['forget: modified-outside, source-removed'],
    );
    assert.deepEqual(rows(plan({ outputs: pruning, entries: [made] })), [
      'forget: already-gone, source-removed',
    ]);
  });

  test('only touched: still ours', () => {
    const file = { kind: 'file', stat: stat(100, 9), sha256: made.output.sha256 } as const;
    assert.deepEqual(rows(plan({ outputs: pruning, entries: [made], disk: [[made.path, file]] })), [
      'delete: source-removed',
    ]);
  });

  test('a damaged row never deletes', () => {
    const doubtful = entry('a.flac', { unverified: true });
    assert.deepEqual(
      rows(plan({ outputs: pruning, entries: [doubtful], disk: [fileOf(doubtful)] })),
      ['orphan: ledger-row-unverified, source-removed'],
    );
  });

  test('below a folder that could not be read nothing is concluded', () => {
    const made1 = plan({
      outputs: pruning,
      entries: [made],
      disk: [fileOf(made)],
      input: { unseen: () => true },
    });
    assert.deepEqual(rows(made1), ['skip: source-unreadable']);
  });

  test('a file without a row is not ours: nothing', () => {
    assert.deepEqual(rows(plan({ disk: [[made.path, { kind: 'file', stat: stat(1) }]] })), []);
  });
});
