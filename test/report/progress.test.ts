import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Progress } from '#src/report/progress.js';
import { taskDone, taskFailed, taskStarted } from '../support/events.js';
import { FakeClock } from '../support/fake-clock.js';

function start(tasks: number, audioSeconds: number): { progress: Progress; clock: FakeClock } {
  const clock = new FakeClock();
  clock.tick(5000);
  const progress = new Progress(clock);
  progress.update({ type: 'apply-started', run: 'r', tasks, audioSeconds });
  return { progress, clock };
}

test('tells speed and time left from the audio that is done', () => {
  const { progress, clock } = start(10, 2500);
  assert.equal(progress.rate, undefined);
  assert.equal(progress.remainingMs, undefined);
  for (let index = 0; index < 4; index += 1) {
    clock.tick(5000);
    progress.update(taskDone(String(index)));
  }
  assert.equal(progress.rate, 50);
  assert.equal(progress.remainingMs, 30_000);
  assert.equal(progress.share, 0.4);
});

test('what failed is not waited for', () => {
  const { progress, clock } = start(10, 2500);
  clock.tick(5000);
  progress.update(taskDone('a'));
  progress.update(taskFailed('b'));
  assert.equal(progress.remainingMs, 40_000);
});

test('tasks without audio are estimated by their number', () => {
  const { progress, clock } = start(10, 0);
  clock.tick(4000);
  progress.update(taskDone('a', { audioSeconds: 0 }));
  progress.update(taskDone('b', { audioSeconds: 0 }));
  assert.equal(progress.rate, undefined);
  assert.equal(progress.remainingMs, 16_000);
});

test('speed follows the last minute, so that new agents count', () => {
  const { progress, clock } = start(1000, 250_000);
  for (let index = 0; index < 60; index += 1) {
    clock.tick(10_000);
    progress.update(taskDone(`slow ${index}`));
  }
  assert.equal(progress.rate, 25);
  for (let index = 0; index < 600; index += 1) {
    clock.tick(100);
    progress.update(taskDone(`fast ${index}`));
  }
  assert.ok((progress.rate ?? 0) > 2000);
});

test('knows what each worker is at', () => {
  const { progress } = start(10, 2500);
  progress.update(taskStarted('nas/1', 'a'));
  progress.update(taskStarted('nas/2', 'b'));
  progress.update(taskStarted('nas/1', 'c'));
  progress.update(taskDone('a', { worker: 'nas/1' }));
  assert.deepEqual(
    [...progress.working],
    [
      ['nas/1', '/music/out/c.opus'],
      ['nas/2', '/music/out/b.opus'],
    ],
  );
  progress.update({
    type: 'task-requeued',
    output: '/music/out/b.opus',
    worker: 'nas/2',
    reason: 'gone',
  });
  assert.deepEqual([...progress.working.keys()], ['nas/1']);
});
