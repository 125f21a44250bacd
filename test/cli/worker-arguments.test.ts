import assert from 'node:assert/strict';
import { test } from 'node:test';
import { workerArguments } from '#src/cli/worker-arguments.js';

test('the classic HOST becomes an endpoint', () => {
  const connect = (...argv: readonly string[]): readonly string[] => workerArguments(argv);
  assert.deepEqual(connect('nas'), ['worker', '--connect', 'tcp://nas:2019']);
  assert.deepEqual(connect('nas:99'), ['worker', '--connect', 'tcp://nas:99']);
  assert.deepEqual(
    workerArguments(['--map', '/a=/b', 'nas', '--hours', '22-07', '--allow-raw-args']),
    [
      'worker',
      '--connect',
      'tcp://nas:2019',
      '--map',
      '/a=/b',
      '--hours',
      '22-07',
      '--allow-raw-args',
    ],
  );
  assert.deepEqual(connect('ipc:///run/x'), ['worker', '--connect', 'ipc:///run/x']);
});

test('HOST may stand before, behind and between options, and may be missing', () => {
  const expected = ['worker', '--connect', 'tcp://nas:2019', '-j', '2'];
  assert.deepEqual(workerArguments(['nas', '-j', '2']), expected);
  assert.deepEqual(workerArguments(['-j', '2', 'nas']), expected);
  assert.deepEqual(workerArguments(['--jobs', '2']), ['worker', '--jobs', '2']);
  const named = ['worker', '--connect', 'tcp://nas:1'];
  assert.deepEqual(workerArguments(named.slice(1)), named);
  assert.deepEqual(workerArguments([]), ['worker']);
});
