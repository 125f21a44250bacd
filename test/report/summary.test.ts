import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderSummary } from '#src/report/summary.js';
import { plainPalette } from '#src/report/terminal.js';
import { counts, setSummary, summary, taskFailed, unreadable } from '../support/events.js';

const options = { base: '/music', palette: plainPalette };

test('tells totals, times for each set, and failures by reason', () => {
  const failures = [
    taskFailed('b'),
    taskFailed('a', { code: 'NO_SPACE', text: 'no space left on /music' }),
    taskFailed('c\nd'),
  ];
  const sets = [setSummary(), { ...setSummary(), set: 'car', count: 2, failed: 0, bytes: 512 }];
  assert.equal(
    renderSummary(summary({ done: 337, failed: 3, deleted: 12, sets, failures }), options),
    `Summary
  Files on input  12,340
  Processed       337 of 340
  Failed          3
  Deleted         12
  Time            10m 00s (278x real time)

  Set    Count  Failed    Audio     Size  Total time  Mean  Median
  phone    337       3  23h 12m  1.8 GiB      1h 52m  4.3s      4s
  car        2       0  23h 12m    512 B      1h 52m  4.3s      4s

3 failures
  DECODE_FAILED (2)
    in/b.flac
      phone: flac found a frame with a wrong CRC
    in/c\\nd.flac
      phone: flac found a frame with a wrong CRC
  NO_SPACE (1)
    in/a.flac
      phone: no space left on /music
`,
  );
});

test('tells the path of a source that failed once', () => {
  const failures = [taskFailed('a', { text: '/music/in/a.flac: cannot be decoded whole' })];
  const text = renderSummary(summary({ failed: 1, failures }), options);
  assert.match(text, /\n {4}in\/a\.flac\n {6}phone: cannot be decoded whole\n$/u);
});

test('shows no more failures than a person reads', () => {
  const failures = Array.from({ length: 57 }, (_, index) => taskFailed(String(index)));
  const lines = renderSummary(summary({ failed: 57, failures }), options).split('\n');
  assert.equal(lines.filter((line) => line.endsWith('.flac')).length, 20);
  assert.equal(lines.at(-2), '  … and 37 more, told above');
});

test('unreadable sources have failed; the rows add up to what was on input', () => {
  const failures = [taskFailed('a'), unreadable('b', '/music/in/b.flac: not FLAC: a text file')];
  const sets = [{ ...setSummary(), count: 3, failed: 1, unreadable: 1 }];
  const ran = summary({ sources: 12, tasks: 4, done: 3, failed: 1, unreadable: 1, sets, failures });
  const text = renderSummary(ran, { ...options, counts: counts({ noop: 5, touch: 2, error: 1 }) });
  assert.match(
    text,
    / input {2}12\n {2}Up to date {6}7\n {2}Processed {7}3 of 5\n {2}Failed {10}2 \(1 unreadable or not FLAC\)\n/u,
  );
  assert.match(text, /\n {2}phone {6}3 {7}2 /u);
  assert.match(
    text,
    /\n2 failures\n[^]*\n {2}NOT_FLAC \(1\)\n {4}in\/b\.flac\n {6}phone: not FLAC: a text file\n$/u,
  );
});

test('of unreadable sources that are too many to show it says where they are', () => {
  const failures = Array.from({ length: 21 }, (_, index) => unreadable(String(index), 'no FLAC'));
  const text = renderSummary(summary({ unreadable: 21, failures }), options);
  assert.match(text, /\n {2}… and 1 more; --results FILE has them all\n$/u);
});

test('warnings are counted, with the way to see them; in 80 columns', () => {
  const text = renderSummary(summary({ warnings: 1234 }), options);
  assert.match(text, /\n {2}Warnings {8}1,234 \(-v or --results FILE tells which\)\n/u);
  assert.ok(text.split('\n').every((line) => line.length <= 80));
  assert.doesNotMatch(renderSummary(summary(), options), /Warnings/u);
});

test('says how to go on after an interruption', () => {
  const text = renderSummary(summary({ done: 219, failed: 0, interrupted: true }), options);
  assert.match(
    text,
    /\nInterrupted: 121 tasks are left\.\nWhat is done is kept\. Run the same command again/u,
  );
});
