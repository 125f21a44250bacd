import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Gate } from '../support/gate.js';
import { Library, partsIn } from '../support/library.js';
import { processesHidden } from '../support/processes.js';
import { assertExit, WORKER_PROGRAM } from '../support/rig.js';
import type { Run } from '../support/rig.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const COMMAND = ['vorbis', '-o', 'out', 'in'];

interface Site {
  readonly library: Library;
  readonly gate: Gate;
  readonly master: Run;
  /** A worker that encodes one at a time, behind the gate. */
  work(): Run;
}

/** A classic master with three files to convert. */
async function startMaster(context: TestContext): Promise<Site> {
  const gate = await Gate.before(context, 'oggenc');
  const library = new Library(context, { XDG_CONFIG_HOME: temporaryFolder(context), ...gate.env });
  for (const name of ['a', 'b', 'c']) library.track(`${name}.flac`);
  const master = library.start([...COMMAND, '-m', '--bind', 'tcp://*:*']);
  const [, port = ''] = await master.said(/workers can join at tcp:\/\/0\.0\.0\.0:(\d+)/);
  const work = (): Run => library.start([`localhost:${port}`, '-j1'], { program: WORKER_PROGRAM });
  return { library, gate, master, work };
}

function made(library: Library): number {
  return Object.keys(library.outputs()).filter((name) => name.endsWith('.ogg')).length;
}

test(
  'one SIGINT to a worker: it ends what runs, and the rest is done by another',
  { skip: processesHidden },
  async (context) => {
    const { library, gate, master, work } = await startMaster(context);
    const leaver = work();
    await gate.arrival(master);
    leaver.signal('SIGINT');
    await leaver.said(/what runs will finish; interrupt again to stop at once/);
    gate.open();
    const left = await leaver.finished;
    assertExit(left, 0);
    assert.equal(left.stdout.match(/^Processing:/gmu)?.length, 1);
    assert.equal(made(library), 1);
    gate.open(100);
    const other = work();
    assertExit(await master.finished, 0);
    const ended = await other.finished;
    assertExit(ended, 0);
    assert.equal(ended.stdout.match(/^Processing:/gmu)?.length, 2);
    assert.equal(made(library), 3);
    assert.deepEqual(partsIn(library), []);
  },
);

test(
  'one SIGINT to the master: what runs is finished, and the same command does the rest',
  { skip: processesHidden },
  async (context) => {
    const { library, gate, master, work } = await startMaster(context);
    const worker = work();
    await gate.arrival(master);
    master.signal('SIGINT');
    await master.said(/interrupt again/i);
    gate.open();
    const ended = await master.finished;
    assertExit(ended, 130);
    assertExit(await worker.finished, 0);
    assert.match(ended.stdout, /Run the same command again to do the rest/);
    assert.equal(made(library), 1);
    assert.deepEqual(partsIn(library), []);
    gate.open(100);
    const rest = await library.run([...COMMAND, '-t2']);
    assertExit(rest, 0);
    assert.equal(rest.stdout.match(/^n:/gmu)?.length, 2);
    assert.equal(made(library), 3);
  },
);

test(
  'two SIGINTs: master and worker leave at once, and nothing half made stays',
  { skip: processesHidden },
  async (context) => {
    const { library, gate, master, work } = await startMaster(context);
    const worker = work();
    await gate.arrival(master);
    worker.signal('SIGINT');
    await worker.said(/interrupt again to stop at once/);
    worker.signal('SIGINT');
    const left = await worker.finished;
    assertExit(left, 0);
    assert.match(left.stderr, /stopped at once/);
    work();
    await gate.arrival(master);
    master.signal('SIGINT');
    await master.said(/interrupt again/i);
    master.signal('SIGINT');
    assertExit(await master.finished, 130);
    assert.equal(made(library), 0);
    gate.open(100);
    assertExit(await library.run([...COMMAND, '-t2']), 0);
    assert.equal(made(library), 3);
    assert.deepEqual(partsIn(library), []);
  },
);

/** From before the program begins until after it waits for a master. */
const MOMENTS_MS = [0, 150, 250, 350, 450, 600, 800, 1200];

test('a worker that is told to stop while it starts stops', async (context) => {
  const library = new Library(context);
  const stopped = MOMENTS_MS.map(async (ms) => {
    const worker = library.start(['worker', '--connect', 'tcp://127.0.0.1:1', '-j1'], {
      timeoutMs: 40_000,
    });
    await delay(ms);
    worker.signal('SIGTERM');
    await worker.finished;
  });
  await Promise.all(stopped);
});
