import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeTasks, MasterRig } from './rig.js';

test('each of 20,000 tasks is committed once, whatever the batches', async (t) => {
  const rig = await MasterRig.make(t);
  const count = 20_000;
  const agent = rig.agent();
  const report = await rig.run(fakeTasks(count));
  assert.equal((await agent).reason, 'shutdown');
  assert.equal(report.done, count);
  assert.equal(rig.committed.length, count);
  assert.equal(new Set(rig.committed).size, count);
});
