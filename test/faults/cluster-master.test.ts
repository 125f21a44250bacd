import assert from 'node:assert/strict';
import { readdirSync, readFileSync, watch } from 'node:fs';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { ClusterRig, requeues } from '../support/cluster-rig.js';
import { Gate } from '../support/gate.js';
import { processesHidden } from '../support/processes.js';
import { linesOf } from '../support/rig.js';
import type { Run } from '../support/rig.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const TRACKS = ['a', 'b', 'c', 'd'];
const skip = processesHidden;

async function gated(t: TestContext): Promise<{ readonly rig: ClusterRig; readonly gate: Gate }> {
  const gate = await Gate.before(t, 'opusenc');
  return { gate, rig: await ClusterRig.make(t, TRACKS, { env: gate.env }) };
}

/** Resolves when the run's journal has the `count`-th record of a kind. */
async function journaled(rig: ClusterRig, kind: string, count: number): Promise<void> {
  const folder = rig.library.path('.flac2all/journal');
  const seen = (): number =>
    readdirSync(folder)
      .map((name) => readFileSync(`${folder}/${name}`, 'utf8'))
      .join('')
      .split(`"kind":"${kind}"`).length - 1;
  const changes = watch(folder);
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (seen() >= count) resolve();
    };
    changes.on('change', look);
    look();
  });
  changes.close();
}

describe('a master that is killed and started again', { skip }, () => {
  test('takes what its workers still do and what they finished: nothing is encoded twice', async (t) => {
    const { rig, gate } = await gated(t);
    const first = rig.master();
    rig.worker(['-j2']);
    await Promise.all([gate.arrival(first), gate.arrival(first)]);
    first.signal('SIGKILL');
    await first.finished;
    gate.open();
    const second = rig.master();
    await second.line('task-started', 2);
    gate.open(100);
    await rig.assertSound();
    assert.equal(gate.calls.length, TRACKS.length);
    assert.equal(requeues(second), 0);
  });

  test('does not want what is wanted no more; the worker drops it', async (t) => {
    const { rig, gate } = await gated(t);
    const first = rig.master();
    rig.worker(['-j2']);
    await Promise.all([gate.arrival(first), gate.arrival(first)]);
    first.signal('SIGKILL');
    await first.finished;
    for (const name of TRACKS) rig.library.track(`${name}.flac`, { seed: 4711 });
    gate.open(100);
    rig.master();
    await rig.assertSound();
    assert.ok(gate.calls.length >= TRACKS.length + 2);
  });

  for (const [kind, count] of [
    ['leased', 1],
    ['leased', 4],
    ['staged', 1],
    ['done', 1],
    ['done', 3],
  ] as const) {
    test(`after its record ${count} of kind ${kind}`, async (t) => {
      const calls = await Gate.before(t, 'opusenc');
      calls.open(100);
      const rig = await ClusterRig.make(t, TRACKS, { env: calls.env });
      const first = rig.master();
      const worker = rig.worker();
      await first.line('apply-started');
      await journaled(rig, kind, count);
      first.signal('SIGKILL');
      const { lines } = await first.finished;
      if (linesOf({ lines }, 'exit').length === 0) rig.master();
      else worker.signal('SIGTERM');
      await rig.assertSound();
      assert.equal(calls.calls.length, TRACKS.length, calls.calls.join('\n'));
    });
  }

  test('finds nobody any more: parts of the lost worker go, its tasks are done by another', async (t) => {
    const { rig, gate } = await gated(t);
    const first = rig.master();
    const lost = rig.worker(['-j2']);
    await Promise.all([gate.arrival(first), gate.arrival(first)]);
    first.signal('SIGKILL');
    lost.signal('SIGKILL');
    await Promise.all([first.finished, lost.finished]);
    gate.open(100);
    rig.master();
    rig.worker(['-j2']);
    await rig.assertSound();
  });
});

test('a master that stood still loses nobody', { skip }, async (t) => {
  const { rig, gate } = await gated(t);
  const master = rig.master();
  rig.worker(['-j2']);
  await Promise.all([gate.arrival(master), gate.arrival(master)]);
  master.signal('SIGSTOP');
  gate.open(2);
  await new Promise((resolve) => void setTimeout(resolve, 3000));
  master.signal('SIGCONT');
  gate.open(100);
  await rig.assertSound();
  assert.equal(requeues(master), 0);
  assert.equal(gate.calls.length, TRACKS.length);
});

test('a second master of another ledger on the same port says so and does nothing', async (t) => {
  const { rig, gate } = await gated(t);
  const master = rig.master();
  rig.worker();
  await gate.arrival(master);
  const other = await ClusterRig.make(t, ['x'], { env: { TMPDIR: temporaryFolder(t) } });
  other.library.manifest({
    outputs: [{ codec: 'opus', to: './out' }],
    cluster: { bind: rig.endpoint, workers: 0 },
  });
  const refused: Run = other.library.start(['apply', '--yes', '--json']);
  const ended = await refused.finished;
  assert.equal(ended.code, 1);
  const [failure] = linesOf(ended, 'failure');
  assert.equal(failure?.code, 'BIND_FAILED');
  assert.match(failure.message, new RegExp(rig.endpoint));
  gate.open(100);
  await rig.assertSound();
});
