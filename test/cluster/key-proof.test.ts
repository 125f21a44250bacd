import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { curveKeyPair } from 'zeromq';
import type { ClusterKey } from '#src/cluster/key-file.js';
import { holdsKey, proveKey } from '#src/cluster/key-proof.js';

const master = curveKeyPair();
const worker: ClusterKey = { ...curveKeyPair(), serverKey: master.publicKey };
const stranger: ClusterKey = { ...curveKeyPair(), serverKey: master.publicKey };
const at = { secretKey: master.secretKey, session: 'one' };

describe('the proof of a key', () => {
  it('holds for the master that it is meant for', () => {
    assert.ok(holdsKey(proveKey(worker, 'one'), at));
  });

  it('holds for no other session, no other master and no other key', () => {
    const proof = proveKey(worker, 'one');
    assert.ok(!holdsKey(proof, { ...at, session: 'two' }));
    assert.ok(!holdsKey(proof, { ...at, secretKey: curveKeyPair().secretKey }));
    assert.ok(!holdsKey({ ...proof, key: stranger.publicKey }, at));
    assert.ok(!holdsKey({ ...proveKey(stranger, 'one'), key: worker.publicKey }, at));
  });

  it('is no proof when it is nonsense', () => {
    const proof = proveKey(worker, 'one');
    const [zeros, letters] = ['0'.repeat(40), 'a'.repeat(64)];
    for (const mac of ['', 'zz', proof.mac.slice(2), `${proof.mac}00`, letters]) {
      assert.ok(!holdsKey({ ...proof, mac }, at), mac);
    }
    for (const key of [zeros, '', 'short', '"'.repeat(40)]) {
      assert.ok(!holdsKey({ ...proof, key }, at), key);
    }
  });
});
