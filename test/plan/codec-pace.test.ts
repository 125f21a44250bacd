import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CodecPace } from '#src/plan/codec-pace.js';
import { paceOf } from '#src/plan/codec-pace.js';
import { entry } from '../support/plan-case.js';

const RATE = 44_100;

/** The pace of Opus after files of so many samples took so many milliseconds. */
function paceAfter(...made: readonly (readonly [samples: number, ms: number])[]): CodecPace {
  const rows = made.map(([samples, ms], at) => {
    const plain = entry(`${at}.flac`);
    return { ...plain, output: { ...plain.output, samples }, made: { ...plain.made, ms } };
  });
  const pace = paceOf(new Map(rows.map((row) => [row.path, row])));
  assert.deepEqual([...pace.keys()], ['opus']);
  return pace.get('opus') ?? assert.fail();
}

const minutes = (count: number): number => count * 60 * RATE;

test('nothing is known of what was never made', () => {
  assert.equal(paceOf(new Map()).size, 0);
});

test('the pace is the median of files of some length, less what each file takes by itself', () => {
  const rows = [600, 1200, 90_000].map((ms) => [minutes(1), ms + 50] as const);
  assert.deepEqual(paceAfter(...rows), { fileMs: 50, secondMs: 20 });
  assert.deepEqual(
    paceAfter([minutes(1), 30]),
    { fileMs: 30, secondMs: 0 },
    'no more than it took',
  );
});

test('short files tell what a file takes, and nothing of the pace', () => {
  const { fileMs, secondMs } = paceAfter([minutes(1), 1200], [4, 150], [4, 160], [4, 9000]);
  assert.deepEqual([Math.round(fileMs), Math.round(secondMs * 60)], [160, 1040]);
});

test('where there are only short files, a second takes no more than a share of them', () => {
  const { fileMs, secondMs } = paceAfter(...Array.from({ length: 16 }, () => [4, 200] as const));
  assert.deepEqual([Math.round(fileMs), secondMs], [200, 40]);
});
