import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { FailureRecord } from '#src/ledger/entry.js';
import {
  entry,
  ledger,
  opusRecipe,
  plan,
  recipe160,
  rows,
  setWith,
  source,
  stat,
} from '../support/plan-case.js';

const song = source('a.flac');
const made = entry('a.flac');

function failedBefore(count: number): FailureRecord {
  return {
    path: made.path,
    set: 'phone',
    source: { path: song.path, stat: song.stat },
    recipe: opusRecipe,
    code: 'DECODE_FAILED',
    text: 'a.flac: MD5 mismatch',
    count,
    at: '2026-01-01T00:00:00.000Z',
  };
}

suite('failures are remembered', () => {
  const failures = new Map([[made.path, failedBefore(1)]]);

  test('same inputs: skipped, with the failure and what would be done', () => {
    const made1 = plan({ sources: [song], ledger: ledger([], { failures }) });
    assert.deepEqual(rows(made1), ['skip: failed-before, no-output']);
    assert.equal(
      made1.changes[0]?.reasons[0]?.text,
      'failed 1x, left alone until it changes (or --retry-failed): a.flac: MD5 mismatch',
    );
  });

  test('below maxFailures, with another source or recipe, or with --retry-failed: tried again', () => {
    const again = { ledger: ledger([], { failures }) };
    const expected = ['create: no-output'];
    assert.deepEqual(
      rows(plan({ ...again, sources: [song], policy: { maxFailures: 2 } })),
      expected,
    );
    assert.deepEqual(
      rows(plan({ ...again, sources: [source('a.flac', { stat: stat(1, 2) })] })),
      expected,
    );
    assert.deepEqual(
      rows(plan({ ...again, sources: [song], outputs: [setWith(recipe160)] })),
      expected,
    );
    assert.deepEqual(
      rows(plan({ ...again, sources: [song], input: { retryFailed: true } })),
      expected,
    );
  });
});
