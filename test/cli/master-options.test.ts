import assert from 'node:assert/strict';
import { test } from 'node:test';
import { masterSettings, refuseNobody } from '#src/cli/master-options.js';
import type { ClusterSettings } from '#src/manifest/manifest.js';

const NONE = { master: false, bind: undefined, insecure: false, metrics: undefined };
const PLAIN: ClusterSettings = {
  bind: undefined,
  workers: 'auto',
  insecure: false,
  uniformTools: 'require',
  advertise: undefined,
  providers: [],
};

test('without options it is as the manifest says', () => {
  const settings = { ...PLAIN, bind: 'tcp://*:3000', workers: 2, insecure: true, metrics: 9119 };
  assert.deepEqual(masterSettings(NONE, undefined, settings), settings);
  assert.equal(masterSettings(NONE, 0, settings).workers, 0);
});

test('a master waits where the classic workers look, and encodes nothing unless that is said', () => {
  const master = { ...NONE, master: true };
  const { bind, workers } = masterSettings(master, undefined, PLAIN);
  assert.deepEqual([bind, workers], ['tcp://*:2019', 0]);
  assert.equal(masterSettings(master, 3, PLAIN).workers, 3);
  const told = { ...PLAIN, bind: 'tcp://10.0.0.1:2019', workers: 2 };
  assert.deepEqual(masterSettings(master, undefined, told), told);
  assert.equal(masterSettings({ ...master, bind: 'tcp://*:1' }, undefined, told).bind, 'tcp://*:1');
});

test('what the command line says goes before the manifest', () => {
  const { insecure, metrics } = masterSettings({ ...NONE, insecure: true, metrics: 0 }, undefined, {
    ...PLAIN,
    metrics: 9119,
  });
  assert.deepEqual([insecure, metrics], [true, 0]);
});

test('0 workers are refused where none can join, and only when the command line says so', () => {
  const refused = refuseNobody('jobs', 0, PLAIN);
  assert.equal(refused?.code, 'USAGE');
  assert.match(refused.message, /^--jobs 0: /);
  assert.match(refuseNobody('threads', 0, PLAIN)?.message ?? '', /^--threads 0: /);
  assert.equal(refuseNobody('jobs', 1, PLAIN), undefined);
  assert.equal(refuseNobody('jobs', undefined, { ...PLAIN, workers: 0 }), undefined);
  const master = masterSettings({ ...NONE, master: true }, 0, PLAIN);
  assert.equal(refuseNobody('jobs', 0, master), undefined);
  assert.equal(refuseNobody('jobs', 0, { ...PLAIN, bind: 'tcp://*:1' }), undefined);
  const providers = [{ name: 'farm' }] as unknown as ClusterSettings['providers'];
  assert.equal(refuseNobody('jobs', 0, { ...PLAIN, providers }), undefined);
});
