import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Gate } from '../support/gate.js';
import { Library, madeIn, partsIn } from '../support/library.js';
import { processesHidden } from '../support/processes.js';
import { assertExit, linesOf } from '../support/rig.js';
import type { Finished } from '../support/rig.js';

const SHARDS = 8;
const TRACKS = 16;

function prepare(context: TestContext): Library {
  const library = new Library(context);
  for (let index = 1; index <= TRACKS; index += 1) library.track(`Disc ${index % 3}/${index}.flac`);
  library.plant('in/Disc 1/cover.jpg', 'not really a picture');
  library.manifest({ outputs: [{ codec: 'opus', to: './out', copy: ['**/cover.jpg'] }] });
  return library;
}

/** Kills a shard for good when it has made one output and is at the next. */
async function killHalfWay(context: TestContext, library: Library, shard: number): Promise<void> {
  const gate = await Gate.before(context, 'opusenc');
  const run = library.start(['run-shard', 'P', `${shard}`, '--json', '-j1'], { env: gate.env });
  await gate.arrival(run);
  gate.open();
  await run.line('task-done');
  await gate.arrival(run);
  await run.killAll();
}

/** Files in the output's folder that are no part files. */
function inPlace(library: Library): readonly string[] {
  return Object.entries(library.outputs()).flatMap(([name, content]) =>
    content === 'folder' || name.endsWith('.f2a-part') ? [] : [name],
  );
}

/** What a command answered, as data. */
function answerOf(finished: Finished): Readonly<Record<string, unknown>> {
  return linesOf(finished, 'answer').at(-1)?.data ?? {};
}

test(
  'eight shards, two killed, one run twice at once and once more, one missing: collect and apply make the tree of an undisturbed run',
  { skip: processesHidden, timeout: 300_000 },
  async (context) => {
    const library = prepare(context);
    assertExit(await library.run(['plan', '--out', 'P', '--shards', `${SHARDS}`, '--quiet']), 0);
    const shard = (index: number): Promise<Finished> =>
      library.run(['run-shard', 'P', `${index}`, '--json', '-j2']);

    await Promise.all([killHalfWay(context, library, 1), killHalfWay(context, library, 2)]);
    const runs = await Promise.all([3, 3, 5, 6, 7, 8].map(shard));
    for (const run of runs) assertExit(run, 0);
    const again = await shard(3);
    assertExit(again, 0);
    assert.equal(answerOf(again)['now'], 0);
    const twice = runs.slice(0, 2).map((run) => Number(answerOf(run)['now']));
    assert.deepEqual(
      twice.toSorted((a, b) => a - b),
      [0, answerOf(again)['made']],
    );
    assert.deepEqual(inPlace(library), [], 'nothing is in place before collect');

    const refused = await library.apply();
    assertExit(refused, 11);
    assert.equal(linesOf(refused, 'failure')[0]?.code, 'SHARDS_PENDING');
    const planned = await library.plan();
    assertExit(planned, 2);
    assert.ok(linesOf(planned, 'notice').some(({ code }) => code === 'SHARDS_PENDING'));

    const collected = await library.run(['collect', 'P', '--json']);
    assertExit(collected, 3);
    const { done, missing, tasks } = answerOf(collected) as Record<string, number>;
    assert.equal(tasks, TRACKS + 1);
    assert.equal((done ?? 0) + (missing ?? 0), tasks);
    assert.equal(inPlace(library).length, done);
    assert.deepEqual(partsIn(library), []);
    assert.ok(!existsSync(library.path('P.shards')));
    assertExit(await shard(4), 5);
    assertExit(await library.run(['collect', 'P']), 5);

    const applied = await library.apply();
    assertExit(applied, 0);
    assert.equal(madeIn(library, applied).length, missing);
    const undisturbed = prepare(context);
    assertExit(await undisturbed.apply(), 0);
    assert.deepEqual(library.outputs(), undisturbed.outputs());
    assert.deepEqual(partsIn(library), []);
    assertExit(await library.plan(), 0);
    const state = readdirSync(library.path('.flac2all')).filter((name) =>
      /^(claim|live)/.test(name),
    );
    assert.deepEqual(state, []);
    assertExit(await library.run(['verify', '--deep']), 0);
  },
);

test(
  'a killed shard goes on where it stopped, beside an apply neither begins',
  { skip: processesHidden, timeout: 180_000 },
  async (context) => {
    const library = new Library(context);
    for (const name of ['a', 'b', 'c']) library.track(`${name}.flac`);
    library.manifest({ outputs: [{ codec: 'opus', to: './out' }] });
    assertExit(await library.run(['plan', '--out', 'P', '--shards', '1', '--quiet']), 0);
    await killHalfWay(context, library, 1);
    const resumed = await library.run(['run-shard', 'P', '1', '--json']);
    assertExit(resumed, 0);
    assert.deepEqual([answerOf(resumed)['made'], answerOf(resumed)['now']], [3, 2]);
    assert.equal(partsIn(library).length, 3, 'the part of the killed encoder is gone');
    assertExit(await library.run(['plan', '--out', 'P', '--shards', '2', '--quiet']), 11);
    assertExit(await library.run(['collect', 'P']), 0);
    assertExit(await library.plan(), 0);

    library.track('d.flac');
    assertExit(await library.run(['plan', '--out', 'P', '--shards', '1', '--quiet']), 0);
    const gate = await Gate.before(context, 'opusenc');
    const apply = library.start(['apply', '--yes', '--json'], { env: gate.env });
    await gate.arrival(apply);
    const beside = await library.run(['run-shard', 'P', '1', '--json']);
    assertExit(beside, 11);
    gate.open(9);
    assertExit(await apply.finished, 0);
    assertExit(await library.run(['run-shard', 'P', '1']), 5);
    assertExit(await library.plan(), 0);
  },
);
