import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Change, Desired } from '#src/plan/action.js';
import { SIDECAR_RECIPE } from '#src/plan/sidecar.js';
import { taskOf } from '#src/run/task-of.js';
import type { Task } from '#src/task/task.js';
import { entry, outputSet, path, source, stat } from '../support/plan-case.js';

const output = path('/out/a.opus');

function task(desired: Partial<Desired> = {}, change: Partial<Change> = {}): Task {
  const all: Desired = {
    output,
    set: outputSet(),
    source: source('a.flac', { stat: stat(2_000_000) }),
    sidecar: false,
    ...desired,
  };
  const action = { action: 'create', output, set: 'phone', source: all.source.path } as const;
  return taskOf({ ...action, reasons: [], ...change }, all);
}

test('the same output of the same source by the same recipe is the same task in every run', () => {
  assert.equal(task().id, task().id);
  assert.notEqual(task({ source: source('b.flac') }).id, task().id);
  const car = outputSet();
  const recipe = { ...car.profile.recipe, tags: { id3: '2.3' } } as const;
  const other = task({ set: { ...car, profile: { ...car.profile, recipe } } });
  assert.notEqual(other.id, task().id);
  assert.notEqual(task({}, { output: path('/out/b.opus') }).id, task().id);
});

test('the longest audio costs most; without a length the size stands in', () => {
  assert.equal(task().cost, 1, 'seconds of audio');
  const unknown = { samples: 0, sampleRate: 44_100, channels: 2, bits: 16 };
  const sized = source('a.flac', { stat: stat(2_000_000), audio: unknown });
  assert.equal(task({ source: sized }).cost, 20);
});

test('a sidecar is copied, and costs what a copy costs', () => {
  const copied = task({ sidecar: true });
  assert.equal(copied.sidecar, true);
  assert.equal(copied.recipe, SIDECAR_RECIPE);
  assert.equal(copied.cost, 0.1);
});

test('a retag makes use of the output that is there, a move of the one at the old place', () => {
  const old = entry('a.flac');
  assert.equal(task({}, { action: 'update', entry: old }).reuse, undefined);
  const reuse = {
    path: output,
    sha256: old.output.sha256,
    audioId: old.source.audioId,
    encoder: old.encoder,
  };
  assert.deepEqual(task({}, { action: 'retag', entry: old }).reuse, reuse);
  const elsewhere = entry('b.flac');
  const moved = task({}, { action: 'move', entry: elsewhere }).reuse;
  assert.equal(moved?.path, elsewhere.path);
  assert.equal(moved.sha256, elsewhere.output.sha256);
});
