import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeTasks, MasterRig } from './rig.js';

test('20,000 tasks of no work at all cost less than a millisecond each', async (t) => {
  const rig = await MasterRig.make(t);
  const count = 20_000;
  const before = performance.now();
  const agent = rig.agent();
  const report = await rig.run(fakeTasks(count));
  const ms = performance.now() - before;
  assert.equal((await agent).reason, 'shutdown');
  t.diagnostic(`${Math.round(ms)} ms, ${Math.round((count / ms) * 1000)} tasks a second`);
  assert.equal(report.done, count);
  assert.equal(new Set(rig.committed).size, count);
  assert.equal(rig.committed.length, count);
  assert.ok(ms < count, `${ms} ms`);
});
