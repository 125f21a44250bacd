import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { explainPath } from '#src/run/explain.js';
import type { Planned } from '#src/run/plan.js';
import { statusOf } from '#src/run/status.js';
import { makePlan } from '#src/plan/make-plan.js';
import { entry, fileOf, outputSet, path, planInput, source, stat } from '../support/plan-case.js';
import type { Case } from '../support/plan-case.js';
import { failedWith } from '../support/fake-worker.js';
import { Story } from '../support/story.js';
import type { Work } from '../support/fake-worker.js';

function planned(one: Case): Planned {
  const input = planInput(one);
  const { desired, disk, unseen, sourceExists, linkInTheWay } = input;
  const observation = {
    desired,
    disk,
    unseen,
    sourceExists,
    linkInTheWay,
    sources: 7,
    emptySets: [],
    problems: 2,
  };
  return { plan: makePlan(input), input, observation, guard: undefined };
}

const run = (id: string, at: string) => ({ at, run: id, worker: 'nas/1', ms: 5 });
const good = entry('good.flac', { made: run('r1', '2026-01-01T10:00:00.000Z') });
const lost = entry('lost.flac', { made: run('r2', '2026-01-02T10:00:00.000Z') });
const gone = entry('gone.flac', { made: run('r1', '2026-01-01T11:00:00.000Z') });
const library = planned({
  outputs: [outputSet(), outputSet({ name: 'car', root: path('/car') })],
  sources: [source('good.flac'), source('lost.flac'), source('new.flac')],
  entries: [good, lost, gone],
  disk: [fileOf(good), fileOf(gone)],
});

test('the status counts each output once, and lists sets without outputs too', () => {
  const { sets, sources, problems } = statusOf(library);
  assert.equal(sources, 7);
  assert.equal(problems, 2);
  const [phone, car] = sets;
  assert.deepEqual(phone, {
    set: 'phone',
    upToDate: 1,
    stale: 2,
    failed: 0,
    drifted: 0,
    conflicts: 0,
    orphaned: 1,
    trashed: 0,
    bytes: 300,
  });
  assert.deepEqual([car?.set, car?.upToDate, car?.bytes], ['car', 0, 0]);
});

test('runs are told newest first', async (context) => {
  const story = new Story(context);
  story.manifest({ outputs: [{ codec: 'opus', to: './out', prune: true }] });
  for (const name of ['a', 'b', 'bad']) story.track(`${name}.flac`);
  const work: Work = ({ source: { path: name } }) =>
    name.endsWith('bad.flac') ? failedWith('a wrong CRC', 'input') : undefined;
  await story.apply({ work });
  rmSync(story.path('in/a.flac'));
  rmSync(story.path('in/bad.flac'));
  await story.apply();
  const { runs } = statusOf(await story.planned());
  assert.deepEqual(
    runs.map(({ command, done, failed, deleted }) => ({ command, done, failed, deleted })),
    [
      { command: 'test', done: 0, failed: 0, deleted: 1 },
      { command: 'test', done: 2, failed: 1, deleted: 0 },
    ],
  );
  assert.ok(runs.every(({ ms }) => ms !== undefined));
});

test('a run that was killed is told as not finished, with what it did', async (context) => {
  const story = new Story(context);
  story.manifest({ outputs: [{ codec: 'opus', to: './out' }] });
  story.track('a.flac');
  story.track('b.flac');
  let step = 1;
  const told: string[] = [];
  for (; ; step += 1) {
    const restore = story.save(context);
    if (!(await story.crash(step))) break;
    const [run] = statusOf(await story.planned()).runs;
    if (run !== undefined) told.push(`${run.done} ${run.ms === undefined ? 'killed' : 'ended'}`);
    restore();
  }
  assert.ok(told.includes('1 killed'));
  assert.ok(told.includes('2 ended'), 'killed while the ledger was closed');
});

test('a path is explained by what is planned for it, be it source or output', () => {
  const actions = (text: string): readonly string[] => {
    const explained = explainPath(path(text), library);
    return explained.ok
      ? explained.value.map(({ change }) => change.action)
      : [explained.error.code];
  };
  assert.deepEqual(actions('/in/lost.flac'), ['create']);
  assert.deepEqual(actions('/out/good.opus'), ['noop'], 'what a plan does not show');
  assert.deepEqual(actions('/in/gone.flac'), ['orphan']);
  assert.deepEqual(actions('/in/other.flac'), ['NO_SUCH_PATH']);
});

test('a renamed source is explained by its old and its new name', () => {
  const now = source('b.flac', {
    identity: { audioId: entry('a.flac').source.audioId, tagId: entry('a.flac').source.tagId },
  });
  const moved = planned({
    sources: [now],
    entries: [entry('a.flac')],
    disk: [fileOf(entry('a.flac'))],
  });
  for (const name of ['/in/a.flac', '/in/b.flac', '/out/a.opus', '/out/b.opus']) {
    const explained = explainPath(path(name), moved);
    assert.ok(explained.ok, name);
    assert.deepEqual(
      explained.value.map(({ change }) => change.action),
      ['move'],
      name,
    );
  }
});

test('a failure that is remembered is part of the explanation', () => {
  const bad = source('bad.flac');
  const input = planInput({ sources: [bad] });
  const failure = {
    path: path('/out/bad.opus'),
    set: 'phone',
    source: { path: bad.path, stat: stat(1000) },
    recipe: outputSet().profile.recipe,
    code: 'DECODE_FAILED',
    text: 'flac found a frame with a wrong CRC',
    count: 1,
    at: '2026-01-01T00:00:00.000Z',
  };
  const failures = new Map([[failure.path, failure]]);
  const known = planned({ sources: [bad], ledger: { ...input.ledger, failures } });
  const explained = explainPath(bad.path, known);
  assert.ok(explained.ok);
  assert.equal(explained.value[0]?.failure, failure);
  assert.equal(explained.value[0].change.action, 'skip');
  assert.equal(statusOf(known).sets[0]?.failed, 1);
});
