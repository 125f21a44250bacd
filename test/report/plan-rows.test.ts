import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupByFolder } from '#src/report/plan-rows.js';
import type { PlanRow } from '#src/report/plan-rows.js';
import { path } from '../support/plan-case.js';

function row(output: string): PlanRow {
  return { action: 'create', output: path(output), reasons: [] };
}

function folders(rows: readonly PlanRow[]): readonly string[] {
  return groupByFolder(rows, (text) => text.slice('/music/'.length)).map(
    ({ folder, rows: group }) => `${folder} ${group.length}`,
  );
}

test('rows are told by their folders, in the order in which those come first', () => {
  const rows = ['b/2/x.opus', 'a/1/x.opus', 'b/2/y.opus', 'z.opus'];
  assert.deepEqual(folders(rows.map((rel) => row(`/music/${rel}`))), ['b/2/ 2', 'a/1/ 1', '/ 1']);
});

test('where there are more than twenty, by the folders that they are in', () => {
  const rows = Array.from({ length: 21 }, (_, at) => row(`/music/${at % 2}/${at}/x.opus`));
  assert.deepEqual(folders(rows), ['0/ 11', '1/ 10']);
  assert.equal(folders(rows.slice(1)).length, 20);
});

test('the first plan of a large library has any number of rows', () => {
  const rows = Array.from({ length: 200_000 }, (_, at) => row(`/music/a/${at % 7}/${at}.opus`));
  assert.equal(folders(rows).length, 7);
});
