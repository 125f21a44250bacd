import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ClusterRig, requeues } from '../support/cluster-rig.js';
import { Gate } from '../support/gate.js';
import { processesHidden } from '../support/processes.js';
import { seededRandom } from '../support/seeded-random.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import type { LineQuality } from '../support/tcp-proxy.js';

const TRACKS = ['a', 'b', 'c', 'd', 'e', 'f'];
const skip = processesHidden;

interface Far {
  readonly rig: ClusterRig;
  readonly gate: Gate;
  readonly line: TcpProxy;
}

/** A worker at the other end of a line, and a gate before its encoder. */
async function far(
  t: TestContext,
  { quality = {}, tracks = TRACKS }: { quality?: LineQuality; tracks?: readonly string[] } = {},
): Promise<Far> {
  const gate = await Gate.before(t, 'opusenc');
  const rig = await ClusterRig.make(t, tracks, { env: gate.env });
  const line = await TcpProxy.to(t, rig.port, quality);
  return { rig, gate, line };
}

describe('a line between master and worker', { skip }, () => {
  test('that is out for a moment costs nothing', async (t) => {
    const { rig, gate, line } = await far(t);
    const master = rig.master();
    rig.worker(['-j2'], line);
    await Promise.all([gate.arrival(master), gate.arrival(master)]);
    line.part();
    gate.open(100);
    await delay(700);
    line.mend();
    await rig.assertSound();
    assert.equal(gate.calls.length, TRACKS.length);
  });

  test('that is out for longer than anybody waits: the only worker goes on with what it had', async (t) => {
    const { rig, gate, line } = await far(t);
    const master = rig.master();
    rig.worker(['-j2'], line);
    await Promise.all([gate.arrival(master), gate.arrival(master)]);
    line.part();
    await master.line('agent-left');
    gate.open(100);
    line.mend();
    await rig.assertSound();
    assert.equal(gate.calls.length, TRACKS.length, 'nothing is encoded twice');
  });

  test('that is out while another worker takes over: the late results count for nothing', async (t) => {
    const { rig, gate, line } = await far(t);
    const master = rig.master();
    rig.worker(['-j2'], line);
    await Promise.all([gate.arrival(master), gate.arrival(master)]);
    line.part();
    await master.line('agent-left');
    rig.worker(['-j2']);
    await Promise.all([gate.arrival(master), gate.arrival(master)]);
    gate.open(100);
    await master.line('task-done', 2);
    line.mend();
    await rig.assertSound();
  });

  test('that flaps', async (t) => {
    const { rig, gate, line } = await far(t);
    const master = rig.master();
    rig.worker(['-j2'], line);
    await gate.arrival(master);
    for (let flap = 0; flap < 6; flap += 1) {
      gate.open();
      line.part();
      await delay(150);
      line.mend();
      if (flap % 2 === 0) line.cut();
      await delay(150);
    }
    gate.open(100);
    await rig.assertSound();
    assert.ok(requeues(master) <= TRACKS.length, String(requeues(master)));
  });

  for (const [what, quality] of [
    ['loses 30 % of what it carries', { lossShare: 0.3, random: seededRandom(1) }],
    ['carries 1 Mbit/s', { bytesPerSecond: 125_000 }],
    ['takes 300 ms each way', { delayMs: 300 }],
  ] as const) {
    test(`that ${what}`, async (t) => {
      const { rig, gate, line } = await far(t, { quality, tracks: TRACKS.slice(0, 4) });
      gate.open(100);
      rig.master();
      rig.worker(['-j2'], line);
      await rig.assertSound();
    });
  }
});
