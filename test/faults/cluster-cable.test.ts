import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ClusterRig, requeues } from '../support/cluster-rig.js';
import { Gate } from '../support/gate.js';
import type { Run } from '../support/rig.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { noHosts, twoHosts } from '../support/two-hosts.js';
import type { Host } from '../support/two-hosts.js';

const TRACKS = ['a', 'b', 'c', 'd', 'e', 'f'];

interface Apart {
  readonly rig: ClusterRig;
  readonly gate: Gate;
  readonly master: Run;
  readonly cable: Host['cable'];
}

/** A master on one host and a worker with two tasks at the gate on the other; keys between them. */
async function apart(t: TestContext): Promise<Apart> {
  const [near, far] = twoHosts(t);
  const gate = await Gate.before(t, 'opusenc');
  const env = { ...gate.env, XDG_CONFIG_HOME: temporaryFolder(t) };
  const rig = await ClusterRig.make(t, TRACKS, { env, address: near.address });
  const { root } = rig.library;
  const master = rig.master({}, near.inside(root, root));
  await master.line('apply-started');
  rig.worker(['-j2'], { inside: far.inside(root, root) });
  await Promise.all([gate.arrival(master), gate.arrival(master)]);
  return { rig, gate, master, cable: far.cable };
}

describe('the cable between two hosts', { skip: noHosts }, () => {
  test('is out for a moment: that costs nothing', async (t) => {
    const { rig, gate, master, cable } = await apart(t);
    cable('down');
    gate.open(100);
    await delay(500);
    cable('up');
    await rig.assertSound();
    assert.equal(gate.calls.length, TRACKS.length);
    assert.equal(requeues(master), 0);
  });

  test('is out for longer than anybody waits: the worker keeps what it had', async (t) => {
    const { rig, gate, master, cable } = await apart(t);
    cable('down');
    await master.line('agent-left');
    gate.open(100);
    cable('up');
    await rig.assertSound();
    assert.equal(gate.calls.length, TRACKS.length, 'nothing is encoded twice');
  });

  test('has a loose contact', async (t) => {
    const { rig, gate, cable } = await apart(t);
    for (let flap = 0; flap < 5; flap += 1) {
      cable('down');
      gate.open();
      await delay(150);
      cable('up');
      await delay(150);
    }
    gate.open(100);
    await rig.assertSound();
    assert.equal(gate.calls.length, TRACKS.length);
  });
});
