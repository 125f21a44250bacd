import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEvent } from '#src/report/event.js';
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
    [...progress.working].map(([worker, { output }]) => [worker, output]),
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

test('the state tells the agents of all machines, by name, with what they are at and for how long', () => {
  const { progress, clock } = start(10, 2500);
  const events: readonly RunEvent[] = [
    { type: 'agent-joined', agent: 'nas', slots: 4 },
    { type: 'agent-joined', agent: 'desk', slots: 8 },
    { type: 'agent-joined', agent: 'attic', slots: 2 },
    taskStarted('nas/10', 'j'),
    taskStarted('nas/2', 'b'),
  ];
  for (const event of events) progress.update(event);
  clock.tick(1500);
  progress.update(taskStarted('desk/1', 'd'));
  progress.update({ type: 'agent-left', agent: 'attic', reason: 'finished' });
  const { agents, stage, run } = progress.state();
  assert.deepEqual([stage, run], ['converting', 'r']);
  assert.deepEqual(
    agents.map(({ agent, slots, working }) => [agent, slots, working.map(({ worker }) => worker)]),
    [
      ['desk', 8, ['desk/1']],
      ['nas', 4, ['nas/2', 'nas/10']],
    ],
  );
  assert.deepEqual(agents[1]?.working[0], {
    worker: 'nas/2',
    output: '/music/out/b.opus',
    source: '/music/in/b.flac',
    set: 'phone',
    ms: 1500,
  });
});

test('two agents of one machine count together, and one of them may leave', () => {
  const { progress } = start(10, 2500);
  progress.update({ type: 'agent-joined', agent: 'nas', slots: 4 });
  progress.update({ type: 'agent-joined', agent: 'nas', slots: 2 });
  assert.deepEqual(progress.state().agents, [{ agent: 'nas', slots: 6, working: [] }]);
  progress.update({ type: 'agent-left', agent: 'nas', reason: 'told to' });
  assert.deepEqual(progress.state().agents, [{ agent: 'nas', slots: 2, working: [] }]);
});

test('the state keeps the last twenty failures and counts all', () => {
  const { progress } = start(100, 2500);
  for (let index = 1; index <= 30; index += 1) progress.update(taskFailed(`bad ${index}`));
  const { failed, failures } = progress.state();
  assert.equal(failed, 30);
  assert.equal(failures.length, 20);
  assert.equal(failures.at(-1)?.source, '/music/in/bad 30.flac');
});
