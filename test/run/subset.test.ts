import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dayNumber, ofDay, parseSubset } from '#src/run/subset.js';

const shares = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
  .map(([a, b]) => ({ parts: Math.min(a, b), of: Math.max(a, b) }));

test('whenever it is begun, every output has had its turn after N/K days', () => {
  const days = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(shares, days, fc.array(fc.string()), (share, first, paths) => {
      const turns = Math.ceil(share.of / share.parts);
      const selects = Array.from({ length: turns }, (_, at) => ofDay(share, first + at));
      return paths.every((path) => selects.some((select) => select(path)));
    }),
  );
});

test('one part of N has its turn on one day of N', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.string(), (of, path) => {
      const days = Array.from({ length: of }, (_, day) => ofDay({ parts: 1, of }, day)(path));
      return days.filter(Boolean).length === 1;
    }),
  );
});

test('a thirtieth is about a thirtieth', () => {
  const select = ofDay({ parts: 1, of: 30 }, 5);
  const paths = Array.from({ length: 30_000 }, (_, at) => `/out/${at}.opus`);
  const count = paths.filter(select).length;
  assert.ok(count > 850 && count < 1150, String(count));
});

test('days are those of the calendar, one more at each midnight', () => {
  const evening = dayNumber(new Date(2026, 2, 28, 23, 59).getTime());
  // The clock is put forward in that night in many countries.
  assert.equal(dayNumber(new Date(2026, 2, 29, 0, 1).getTime()), evening + 1);
  assert.equal(dayNumber(new Date(2026, 2, 30, 3, 15).getTime()), evening + 2);
});

test('what is no share is not taken for one', () => {
  assert.deepEqual(parseSubset('1/30'), { parts: 1, of: 30 });
  for (const text of ['0/30', '31/30', '1/0', '1', '1/30x', '-1/3', '1/99999']) {
    assert.equal(parseSubset(text), undefined, text);
  }
});
