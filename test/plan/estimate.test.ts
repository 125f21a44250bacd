import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimatePlan, paceOf } from '#src/plan/estimate.js';
import { entry, fileOf, outputSet, plan, source } from '../support/plan-case.js';

const rows = [10, 20, 900].map((ms, at) =>
  entry(`${at}.flac`, {
    source: { ...entry('x.flac').source, audioId: `flac:${at}/44100/44100/2/16` as never },
    made: { ...entry('x.flac').made, ms },
  }),
);

test('the pace of a codec is the median of what the ledger remembers', () => {
  assert.deepEqual([...paceOf(new Map(rows.map((row) => [row.path, row])))], [['opus', 20]]);
  assert.equal(paceOf(new Map()).size, 0);
});

test('a plan takes what its sources weigh and last, at the pace of their codec', () => {
  const gone = entry('gone.flac');
  const { changes } = plan({
    outputs: [outputSet({ prune: true })],
    sources: [source('a.flac'), source('b.flac')],
    entries: [gone],
    disk: [fileOf(gone)],
  });
  const known = estimatePlan(changes, new Map([['opus', 20]]));
  assert.deepEqual(known, { sourceBytes: 2000, audioSeconds: 2, deletedBytes: 100, workMs: 40 });
  assert.equal(estimatePlan(changes, new Map([['mp3', 20]])).workMs, null, 'no history');
  assert.equal(estimatePlan([], new Map()).workMs, 0);
});
