import assert from 'node:assert/strict';
import { cpSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Gate } from '../support/gate.js';
import { Library, madeIn, partsIn } from '../support/library.js';
import type { Tree } from '../support/library.js';
import { quickstartMusic } from '../support/music.js';
import { childrenOf, endOf, kill, processesHidden, sessionOf } from '../support/processes.js';
import { assertExit, linesOf } from '../support/rig.js';
import type { LineOf } from '../support/rig.js';

const FIRST = '01 Morning Scale.flac';
const SOON_MS = 20_000;

/** When to kill: after the so-many-th line of this type. Ten times, each on what the last one left. */
const MOMENTS: readonly (readonly [LineOf<Kind>['type'], number])[] = [
  ['plan-ready', 1],
  ['apply-started', 1],
  ['agent-joined', 1],
  ['task-started', 1],
  ['task-started', 2],
  ['task-done', 1],
  ['task-started', 3],
  ['task-done', 2],
  ['task-started', 4],
  ['task-done', 3],
];
type Kind = 'plan-ready' | 'apply-started' | 'agent-joined' | 'task-started' | 'task-done';

test(
  'kill -9 of everything, ten times: one apply makes what an undisturbed run makes',
  {
    skip: processesHidden,
  },
  async (context) => {
    const library = new Library(context);
    prepare(library);
    library.manifest({ outputs: [output('opus', { bitrate: 96 })] });
    assertExit(await library.apply(), 0);
    change(library);
    for (const [type, count] of MOMENTS) {
      const run = library.start(['apply', '--yes', '--json']);
      await run.line(type, count);
      await run.killAll();
      assert.equal((await run.finished).signal, 'SIGKILL', `${type} ${count} came too late`);
    }
    assertExit(await library.apply(), 0);
    assert.deepEqual(library.outputs(), await undisturbed(context));
    assert.deepEqual(partsIn(library), []);
    assertExit(await library.plan(), 0);
  },
);

test(
  'kill -9 of the agent: its tasks are handed out again',
  {
    skip: processesHidden,
  },
  async (context) => {
    const { library, gate } = await gated(context);
    const run = library.start(['apply', '--yes', '--json', '-j2']);
    await gate.arrival(run);
    const [agent = 0] = childrenOf(run.pid);
    kill(-agent, 'SIGKILL');
    await run.line('agent-left');
    gate.open(100);
    const finished = await run.finished;
    assertExit(finished, 0);
    assert.equal(madeIn(library, finished).length, 4);
    assert.deepEqual(partsIn(library), []);
    assertExit(await library.plan(), 0);
  },
);

test(
  'kill -9 of an encoder: the task is tried again',
  {
    skip: processesHidden,
  },
  async (context) => {
    const { library, gate } = await gated(context);
    const run = library.start(['apply', '--yes', '--json', '-j1']);
    kill(await gate.arrival(run), 'SIGKILL');
    gate.open(100);
    const finished = await run.finished;
    assertExit(finished, 0);
    assert.equal(madeIn(library, finished).length, 4);
    assert.deepEqual(partsIn(library), []);
  },
);

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(
    `${signal} once: what runs is finished, the rest is the next run's`,
    {
      skip: processesHidden,
    },
    async (context) => {
      const { library, gate } = await gated(context);
      const run = library.start(['apply', '--yes', '--json', '-j2']);
      await Promise.all([gate.arrival(run), gate.arrival(run)]);
      run.signal(signal);
      assert.equal((await run.line('interrupted')).how, 'graceful');
      gate.open(2);
      const finished = await run.finished;
      assertExit(finished, code);
      assert.equal(linesOf(finished, 'summary')[0]?.interrupted, true);
      const made = madeIn(library, finished);
      assert.equal(made.length, 2);
      assert.deepEqual(partsIn(library), []);
      gate.open(100);
      const rest = await library.apply();
      assertExit(rest, 0);
      assert.equal(madeIn(library, rest).length, 2);
      assert.equal(new Set([...made, ...madeIn(library, rest)]).size, 4);
    },
  );
}

test(
  'SIGINT twice: workers are stopped at once, the ledger is sound',
  {
    skip: processesHidden,
  },
  async (context) => {
    const { library, gate } = await gated(context);
    const run = library.start(['apply', '--yes', '--json', '-j2']);
    await gate.arrival(run);
    const [agent = 0] = childrenOf(run.pid);
    const all = sessionOf(agent);
    run.signal('SIGINT');
    await run.line('interrupted', 1);
    run.signal('SIGINT');
    const finished = await run.finished;
    assertExit(finished, 130);
    assert.deepEqual(madeIn(library, finished), []);
    await endOf(all, SOON_MS);
    assert.deepEqual(partsIn(library), []);
    gate.open(100);
    const rest = await library.apply();
    assertExit(rest, 0);
    assert.equal(madeIn(library, rest).length, 4);
  },
);

test(
  'kill -9 of the master alone: agent and encoders end by themselves',
  {
    skip: processesHidden,
  },
  async (context) => {
    const { library, gate } = await gated(context);
    const run = library.start(['apply', '--yes', '--json', '-j2']);
    await Promise.all([gate.arrival(run), gate.arrival(run)]);
    const [agent = 0] = childrenOf(run.pid);
    const all = sessionOf(agent);
    assert.ok(all.length >= 3, 'an agent and two encoders');
    run.signal('SIGKILL');
    await run.finished;
    await endOf(all, SOON_MS);
    gate.open(100);
    assertExit(await library.apply(), 0);
    assert.deepEqual(partsIn(library), []);
  },
);

/** Four short tracks, with a gate before opusenc. */
async function gated(
  context: TestContext,
): Promise<{ readonly library: Library; readonly gate: Gate }> {
  const gate = await Gate.before(context, 'opusenc');
  const library = new Library(context, gate.env);
  for (const name of ['a', 'b', 'c', 'd']) library.track(`${name}.flac`);
  library.manifest({ outputs: [{ codec: 'opus', to: './out' }] });
  return { library, gate };
}

function prepare(library: Library): void {
  cpSync(quickstartMusic, library.path('in'), { recursive: true });
}

/** After this, a run has to encode, to move and to delete. */
function change(library: Library): void {
  const album = library.path('in/The Plucked Strings/2024 - First Steps');
  renameSync(join(album, FIRST), join(album, 'renamed.flac'));
  library.remove('in/The Plucked Strings/2024 - First Steps/03 Slow Arpeggio.flac');
  library.manifest({
    outputs: [output('opus', { bitrate: 64 }), output('mp3'), output('vorbis'), output('flac')],
    policy: { maxDelete: '50%' },
  });
}

async function undisturbed(context: TestContext): Promise<Tree> {
  const library = new Library(context);
  prepare(library);
  change(library);
  assertExit(await library.apply(), 0);
  return library.outputs();
}

type Output = Parameters<Library['manifest']>[0]['outputs'][0];

function output(codec: 'opus' | 'mp3' | 'vorbis' | 'flac', options: object = {}): Output {
  return {
    codec,
    options: { ...options },
    to: `./out/${codec}`,
    copy: ['**/cover.jpg'],
    prune: true,
  };
}
