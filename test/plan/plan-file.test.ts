import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { guardDeletes, guardEmptySource } from '#src/plan/guards.js';
import { parsePlanFile, toPlanFile } from '#src/plan/plan-file.js';
import type { PlanFile } from '#src/plan/plan-file.gen.js';
import type { Plan } from '#src/plan/make-plan.js';
import { staleness, withoutRows } from '#src/plan/staleness.js';
import { entry, fileOf, manifest, outputSet, plan, source, stat } from '../support/plan-case.js';

const facts = {
  createdAt: '2026-01-01T00:00:00.000Z',
  manifest: '/m/flac2all.yaml',
  options: { targets: [], retryFailed: false, overwriteUnmanaged: false },
};
const made = plan({ sources: [source('a.flac'), source('b.flac')] });

function stalenessOf(saved: PlanFile, now: Plan): readonly string[] {
  const { whole, rows } = staleness(saved, now);
  return [...(whole === undefined ? [] : [whole]), ...rows.values()];
}

suite('saved plans', () => {
  test('survive the way through a file and are fresh while nothing moves', () => {
    const text = JSON.stringify(toPlanFile(made, facts));
    const read = parsePlanFile(text, 'p.json');
    assert.ok(read.ok);
    assert.equal(read.value.changes.length, 2);
    assert.deepEqual(stalenessOf(read.value, made), []);
  });

  test('cannot be applied after the ledger or the manifest has moved', () => {
    const saved = toPlanFile(made, facts);
    assert.match(
      stalenessOf(saved, { ...made, serial: made.serial + 1 })[0] ?? '',
      /applied already/,
    );
    assert.match(stalenessOf(saved, { ...made, lineage: 'other' })[0] ?? '', /ledger has changed/);
    assert.match(
      stalenessOf(saved, { ...made, manifestDigest: 'x' })[0] ?? '',
      /manifest has changed/,
    );
  });

  test('a plan made before there was a ledger fits the first one, once', () => {
    const saved = toPlanFile({ ...made, lineage: undefined, serial: 0 }, facts);
    assert.deepEqual(stalenessOf(saved, { ...made, serial: 0 }), []);
    assert.equal(stalenessOf(saved, { ...made, serial: 1 }).length, 1);
  });

  test('name the rows that moved', () => {
    const saved = toPlanFile(made, facts);
    const now = plan({
      sources: [source('a.flac', { stat: stat(2) }), source('c.flac')],
    });
    assert.deepEqual(stalenessOf(saved, now), [
      '/out/a.opus: its source has changed',
      '/out/c.opus: now to create',
      '/out/b.opus: nothing to create any more',
    ]);
  });

  test('a row that is left keeps those back that would replace what it was to move', () => {
    const rows = ['a.flac', 'b.flac', 'c.flac'].map((rel) => entry(rel));
    const shifted = ['b', 'c', 'd'].map((to, at) =>
      source(`${to}.flac`, { identity: source(['a', 'b', 'c'][at] + '.flac').identity }),
    );
    const chain = plan({ sources: shifted, entries: rows, disk: rows.map(fileOf) });
    assert.deepEqual(chain.counts.move, 3);
    const outputsLeft = (output: string): readonly string[] =>
      withoutRows(chain, [output]).changes.map((change) => change.output);
    assert.deepEqual(outputsLeft('/out/d.opus'), []);
    assert.deepEqual(outputsLeft('/out/c.opus'), ['/out/d.opus']);
    assert.equal(withoutRows(chain, ['/out/b.opus']).counts.move, 2);
  });

  test('what is no saved plan is said so', () => {
    for (const text of ['', '{', '[]', '{"format":"flac2all-plan"}', '\0\u0001']) {
      const read = parsePlanFile(text, 'p.json');
      assert.ok(!read.ok);
      assert.match(read.error.message, /^p\.json is not a saved plan: ./);
    }
  });
});

suite('guards', () => {
  const gone = Array.from({ length: 12 }, (_, at) => entry(`${at}.flac`));
  const pruning = [outputSet({ prune: true })];
  const deleting = plan({ outputs: pruning, entries: gone, disk: gone.map(fileOf) });

  test('a share that the manifest names is exact; the default lets small numbers pass', () => {
    const share = (value: number, atLeast: number) =>
      guardDeletes(deleting, manifest(pruning, { maxDelete: { share: value, atLeast } }));
    assert.equal(share(1, 0), undefined);
    assert.equal(share(0.2, 13), undefined);
    assert.equal(share(0.2, 10)?.code, 'TOO_MANY_DELETES');
    assert.match(share(0.2, 0)?.message ?? '', /12 of 12 outputs would be deleted, .* allows 2/);
  });

  test('a number of files is exact', () => {
    assert.equal(
      guardDeletes(deleting, manifest(pruning, { maxDelete: { files: 12 } })),
      undefined,
    );
    assert.ok(guardDeletes(deleting, manifest(pruning, { maxDelete: { files: 11 } })));
  });

  test('an empty source stops the plan only where outputs were made from it', () => {
    const unseen = (): boolean => false;
    const empty = { manifest: manifest(pruning), emptySets: ['music'], unseen };
    assert.equal(guardEmptySource({ ...empty, entries: [] }), undefined);
    assert.equal(guardEmptySource({ ...empty, entries: [entry('a')] })?.code, 'SOURCE_EMPTY');
    assert.equal(guardEmptySource({ ...empty, emptySets: [], entries: [entry('a')] }), undefined);
  });
});
