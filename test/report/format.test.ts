import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatBytes,
  formatCount,
  formatCounted,
  formatDuration,
  formatRate,
} from '#src/report/format.js';

function table<T>(format: (value: T) => string, rows: readonly (readonly [T, string])[]): void {
  for (const [value, text] of rows) assert.equal(format(value), text);
}

test('counts have thousands separators', () => {
  table(formatCount, [
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1_234_567, '1,234,567'],
  ]);
  assert.equal(formatCounted(1, 'file'), '1 file');
  assert.equal(formatCounted(1203, 'file'), '1,203 files');
});

test('bytes are in binary units and never read 1024 of one', () => {
  table(formatBytes, [
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [4_300_000, '4.1 MiB'],
    [1024 * 1024 - 1, '1 MiB'],
    [9.96 * 1024, '10 KiB'],
    [2 ** 40, '1 TiB'],
    [2 ** 60, '1,024 PiB'],
  ]);
});

test('durations show the two units that matter and carry over', () => {
  table(formatDuration, [
    [0, '0s'],
    [44, '0s'],
    [440, '0.4s'],
    [9_949, '9.9s'],
    [9_960, '10s'],
    [59_499, '59s'],
    [59_500, '1m 00s'],
    [723_000, '12m 03s'],
    [3_599_600, '1h 00m'],
    [6_720_000, '1h 52m'],
    [273_600_000, '3d 4h'],
  ]);
});

test('rates are told in multiples of real time', () => {
  table(formatRate, [
    [0.84, '0.8x real time'],
    [9.96, '10x real time'],
    [42.4, '42x real time'],
  ]);
});
