import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderSummary } from '#src/report/summary.js';
import { plainPalette } from '#src/report/terminal.js';
import { setSummary, summary, taskFailed } from '../support/events.js';

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

test('says how to go on after an interruption', () => {
  const text = renderSummary(summary({ done: 219, failed: 0, interrupted: true }), options);
  assert.match(
    text,
    /\nInterrupted: 121 tasks are left\.\nWhat is done is kept\. Run the same command again/u,
  );
});
