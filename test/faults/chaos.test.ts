import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chaos } from '../support/chaos.js';
import { processesHidden } from '../support/processes.js';

test(
  'faults by chance: nothing is lost, doubled or wrong',
  { skip: processesHidden },
  async (t) => {
    const chaos = await Chaos.make(t, 20_240_501);
    const { lost, doubled, wrong } = await chaos.round(300, 700);
    assert.deepEqual({ lost, doubled, wrong }, { lost: 0, doubled: 0, wrong: 0 });
    await chaos.end();
  },
);
