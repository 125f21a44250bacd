import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimatePlan } from '#src/plan/estimate.js';
import { entry, fileOf, outputSet, plan, source } from '../support/plan-case.js';

test('a plan takes what its sources weigh and last, by files and seconds at the pace of their codec', () => {
  const gone = entry('gone.flac');
  const { changes } = plan({
    outputs: [outputSet({ prune: true })],
    sources: [source('a.flac'), source('b.flac')],
    entries: [gone],
    disk: [fileOf(gone)],
  });
  const pace = { fileMs: 50, secondMs: 20 };
  const known = estimatePlan(changes, new Map([['opus', pace]]));
  assert.deepEqual(known, { sourceBytes: 2000, audioSeconds: 2, deletedBytes: 100, workMs: 140 });
  assert.equal(estimatePlan(changes, new Map([['mp3', pace]])).workMs, null, 'no history');
  assert.equal(estimatePlan([], new Map()).workMs, 0);
});
