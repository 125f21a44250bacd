import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { curveKeyPair } from 'zeromq';
import type { ClusterKey, KeyPair } from '#src/cluster/key-file.js';
import { MasterSocket } from '#src/cluster/master-socket.js';
import type { Door } from '#src/cluster/open-socket.js';
import { openSocket } from '#src/cluster/open-socket.js';
import type { AgentExit } from '#src/cluster/agent-session.js';
import { systemClock } from '#src/lib/clock.js';
import type { Clock } from '#src/lib/clock.js';
import { fakeTasks, MasterRig } from './rig.js';

const master = masterKey(curveKeyPair());

function masterKey({ publicKey, secretKey }: KeyPair): ClusterKey {
  return { serverKey: publicKey, publicKey, secretKey };
}

function workerKey(): ClusterKey {
  return { ...curveKeyPair(), serverKey: master.publicKey };
}

function door(...guests: readonly ClusterKey[]): Door {
  const known = new Set([master, ...guests].map(({ publicKey }) => publicKey));
  return { key: master, isAllowed: (key) => known.has(key) };
}

/** A master on all addresses of this machine, which are not local ones. */
class GuardedRig {
  readonly rig: MasterRig;
  readonly endpoint: string;

  private constructor(rig: MasterRig, endpoint: string) {
    this.rig = rig;
    this.endpoint = endpoint;
  }

  static async open(t: TestContext, guarded: Door | undefined): Promise<GuardedRig> {
    const rig = await MasterRig.make(t);
    const running = rig.run(fakeTasks(3), { endpoints: ['tcp://0.0.0.0:*'], door: guarded });
    t.after(async () => {
      rig.abort.abort();
      await running;
    });
    const { endpoint } = await rig.seen('listening');
    return new GuardedRig(rig, endpoint.replace('0.0.0.0', '127.0.0.1'));
  }

  join(key: ClusterKey | undefined): Promise<AgentExit> {
    return this.rig.agent({ endpoint: this.endpoint, key });
  }
}

describe('a guarded master', () => {
  it('lets in who has its key or one that it knows', async (t) => {
    for (const key of [master, workerKey()]) {
      const { rig, endpoint } = await GuardedRig.open(t, door(key));
      assert.equal((await rig.agent({ endpoint, key })).reason, 'shutdown');
      assert.equal(rig.committed.length, 3);
    }
  });

  it('refuses an unknown key and none at all, which both are told, and goes on', async (t) => {
    const guarded = await GuardedRig.open(t, door());
    const unknown = await guarded.join(workerKey());
    assert.deepEqual([unknown.reason, /does not know/.test(unknown.text)], ['rejected', true]);
    const without = await guarded.join(undefined);
    assert.deepEqual([without.reason, /asks for a key/.test(without.text)], ['rejected', true]);
    const elsewhere = await guarded.join(masterKey(curveKeyPair()));
    assert.deepEqual([elsewhere.reason, /another key/.test(elsewhere.text)], ['rejected', true]);
    assert.equal(guarded.rig.committed.length, 0);
    assert.equal((await guarded.join(master)).reason, 'shutdown');
    assert.equal(guarded.rig.committed.length, 3);
  });
});

it('a master without keys is not spoken to in cipher', async (t) => {
  const open = await GuardedRig.open(t, undefined);
  assert.equal((await open.join(workerKey())).reason, 'rejected');
  assert.equal((await open.join(undefined)).reason, 'shutdown');
});

/** Gives up soon: nobody answers a knock that the test is about. */
const hastyClock: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms / 50, signal),
};

it('a door that lets strangers in is not opened', async () => {
  const guard = { domain: 'nobody answers for it', close: () => Promise.resolve() };
  const lock = { door: door(), guard };
  const opened = await openSocket(new MasterSocket('tcp://0.0.0.0:*'), 'tcp://0.0.0.0:*', {
    lock,
    clock: hastyClock,
  });
  assert.ok(!opened.ok);
  assert.equal(opened.error.code, 'DOOR_OPEN');
});
