import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tally } from '#src/run/tally.js';
import { taskDone, taskFailed, unreadable } from '../support/events.js';

const facts = { run: 'r1', ms: 1, sources: 3, tasks: 2 };

test('warnings are counted, not the outputs that have them', () => {
  const tally = new Tally(['phone']);
  tally.done(taskDone('a', { warnings: ['6 channels are 2', '32 bits are 24', 'a tag'] }));
  tally.done(taskDone('b'));
  tally.done(taskDone('c', { warnings: ['an ID3v1 tag'] }));
  assert.equal(tally.summary(facts).warnings, 4);
});

test('unreadable sources are among the failures of the summary, and are no failed tasks', () => {
  const tally = new Tally(['phone', 'car']);
  tally.unreadable({ ...unreadable('x', 'not FLAC'), set: 'car' });
  tally.failed(taskFailed('a'));
  assert.equal(tally.failures, 1);
  const { failed, unreadable: count, failures, sets } = tally.summary(facts);
  assert.deepEqual([failed, count, failures.length], [1, 1, 2]);
  assert.deepEqual(
    sets.map((set) => [set.set, set.failed, set.unreadable]),
    [
      ['phone', 1, undefined],
      ['car', 0, 1],
    ],
  );
});
