import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MasterEvent } from '#src/cluster/master-event.js';
import { WorkMeter } from '#src/run/work-meter.js';
import { fakeTask, made } from '../cluster/rig.js';

function joined(session: string, slots: number): MasterEvent {
  return { type: 'agent-joined', agent: 'here', session, pilot: undefined, pid: 1, slots };
}

function done(ms: number): MasterEvent {
  return { type: 'task-done', task: fakeTask(1), made: made(ms), worker: 'here/1' };
}

test('what is left goes down with each task that ends, however it ends', () => {
  const meter = new WorkMeter(5);
  meter.take(done(100));
  meter.take({ type: 'task-requeued', task: fakeTask(2), worker: 'here/1', reason: 'lost' });
  meter.taskFailed();
  assert.equal(meter.openTasks, 3);
});

test('the mean time of a task is unknown first, and follows what is measured slowly then', () => {
  const meter = new WorkMeter(5);
  assert.equal(meter.meanTaskMs, undefined);
  meter.take(done(100));
  assert.equal(meter.meanTaskMs, 100);
  meter.take(done(200));
  assert.equal(meter.meanTaskMs, 110);
});

test('slots are those of the agents that are connected, without those asked to leave out', () => {
  const meter = new WorkMeter(5);
  meter.take(joined('a', 4));
  meter.take(joined('b', 2));
  meter.take(joined('c', 1));
  assert.equal(meter.slotsBeside(new Set(['b', 'unknown'])), 5);
  meter.take({ type: 'agent-left', agent: 'here', session: 'a', reason: 'over' });
  assert.equal(meter.slotsBeside(new Set()), 3);
});
