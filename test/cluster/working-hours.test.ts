import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatWorkingHours,
  isWorkingTime,
  parseWorkingHours,
} from '#src/cluster/working-hours.js';
import type { WorkingHours } from '#src/cluster/working-hours.js';

function hours(text: string): readonly WorkingHours[] {
  const parsed = parseWorkingHours(text);
  assert.ok(parsed.ok, text);
  return parsed.value;
}

const at = (hour: number, minute = 0): number => new Date(2024, 4, 1, hour, minute).getTime();

test('over midnight, by day, and several', () => {
  const works = (text: string, ...when: readonly [number, number?]): boolean =>
    isWorkingTime(hours(text), at(...when));
  assert.deepEqual(
    [21, 22, 23, 0, 6, 7, 12].map((hour) => works('22-07', hour)),
    [false, true, true, true, true, false, false],
  );
  assert.equal(works('22:30-6:15', 22, 29), false);
  assert.equal(works('22:30-6:15', 22, 30), true);
  assert.equal(works('22:30-6:15', 6, 14), true);
  assert.equal(works('22:30-6:15', 6, 15), false);
  assert.equal(works('12-13,22-07', 12, 59), true);
  assert.equal(works('12-13,22-07', 13), false);
  assert.equal(works('18-24', 23, 59), true);
  assert.equal(works('18-24', 0), false);
});

test('are told as they were understood', () => {
  assert.equal(formatWorkingHours(hours('22-7,12:05-13')), '22:00-07:00, 12:05-13:00');
});

test('what makes no sense is refused', () => {
  for (const wrong of ['', '22', '22-', '25-3', '1:60-2', '-1-3', '7-7', '0-24', '22-07,', 'a-b']) {
    assert.equal(parseWorkingHours(wrong).ok, false, wrong);
  }
});
