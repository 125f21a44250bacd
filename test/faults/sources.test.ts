import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, mkdirSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Gate } from '../support/gate.js';
import { actionsOf, Library, madeIn, partsIn } from '../support/library.js';
import { noPlainUser, plainUser } from '../support/plain-user.js';
import { assertExit, linesOf } from '../support/rig.js';

const OUTPUT = { codec: 'opus', to: './out', prune: true } as const;

test(
  'a folder and a file that cannot be read: named, the rest goes on, nothing is deleted',
  {
    skip: noPlainUser,
  },
  async (context) => {
    const library = new Library(context, {}, plainUser);
    for (const name of ['ok.flac', 'shut/a.flac', 'secret.flac']) library.track(name);
    library.manifest({ outputs: [OUTPUT], policy: { maxDelete: '100%' } });
    assertExit(await library.apply(), 0);
    const before = library.outputs();
    chmodSync(library.path('in/shut'), 0);
    chmodSync(library.path('in/secret.flac'), 0);
    library.track('new.flac');
    const run = await library.apply();
    assertExit(run, 3);
    assert.deepEqual(madeIn(library, run), ['out/new.opus']);
    const [problem] = linesOf(run, 'scan-problem');
    assert.equal(problem?.path, library.path('in/shut'));
    assert.match(problem.text, /EACCES|permission/i);
    const { 'new.opus': _, ...rest } = library.outputs();
    assert.deepEqual(rest, before);
  },
);

test(
  'a source that cannot be read has a row with the reason',
  {
    skip: noPlainUser,
  },
  async (context) => {
    const library = new Library(context, {}, plainUser);
    chmodSync(library.track('secret.flac'), 0);
    library.track('ok.flac');
    library.manifest({ outputs: [OUTPUT] });
    const run = await library.apply();
    assertExit(run, 3);
    assert.deepEqual(madeIn(library, run), ['out/ok.opus']);
    const row = linesOf(run, 'change').find(({ action }) => action === 'error');
    assert.equal(row?.source, library.path('in/secret.flac'));
    assert.match(row.reasons[0]?.text ?? '', /EACCES|permission/i);
  },
);

for (const program of ['flac', 'opusenc'] as const) {
  test(`sources that vanish, are replaced or grow while ${program} is at work are no outputs, the rest goes on`, async (context) => {
    const gate = await Gate.before(context, program);
    const library = new Library(context, gate.env);
    const disturbed = ['grown', 'replaced', 'vanished'];
    // Longer than the other, so that they are first.
    for (const name of disturbed) library.track(`${name}.flac`, { length: 8820 });
    library.track('b.flac');
    library.manifest({ outputs: [OUTPUT] });
    const run = library.start(['apply', '--yes', '--json', '-j3']);
    for (const _ of disturbed) await gate.arrival(run);
    rmSync(library.path('in/vanished.flac'));
    library.track('replaced.flac', { seed: 77, length: 9000 });
    appendFileSync(library.path('in/grown.flac'), 'more');
    gate.open(100);
    const finished = await run.finished;
    assertExit(finished, 3);
    assert.deepEqual(madeIn(library, finished), ['out/b.opus']);
    const failed = linesOf(finished, 'task-failed');
    const sources = failed.map(({ source }) => source).toSorted();
    assert.deepEqual(
      sources,
      disturbed.map((name) => library.path(`in/${name}.flac`)),
    );
    for (const { code, text } of failed) {
      assert.match(code, /^SOURCE_(?:CHANGED|UNREADABLE)$/, text);
    }
    assert.deepEqual(Object.keys(library.outputs()), ['b.opus']);
    assert.deepEqual(partsIn(library), []);
    const next = await library.apply('--target', '**/replaced.*');
    assertExit(next, 0);
    assert.deepEqual(madeIn(library, next), ['out/replaced.opus']);
  });
}

test('guards: a source root that is missing, empty or without its sentinel', async (context) => {
  const library = await converted(context, 3);
  const before = library.outputs();
  renameSync(library.path('in'), library.path('away'));
  assertExit(await library.apply(), 12);
  mkdirSync(library.path('in'));
  const empty = await library.apply();
  assertExit(empty, 12);
  assert.equal(linesOf(empty, 'failure')[0]?.code, 'SOURCE_EMPTY');
  library.remove('in');
  renameSync(library.path('away'), library.path('in'));
  const source = { path: './in', sentinel: '.music-root' };
  library.manifest({ source, outputs: [OUTPUT] });
  const unmounted = await library.apply();
  assertExit(unmounted, 12);
  assert.equal(linesOf(unmounted, 'failure')[0]?.code, 'SOURCE_SENTINEL_MISSING');
  library.plant('in/.music-root', '');
  assertExit(await library.apply(), 0);
  assert.deepEqual(library.outputs(), before);
});

test('guards: more deletes than the manifest allows', async (context) => {
  const library = await converted(context, 4);
  library.manifest({ outputs: [OUTPUT], policy: { maxDelete: 1 } });
  library.remove('in/1.flac');
  library.remove('in/2.flac');
  const before = library.outputs();
  const stopped = await library.apply();
  assertExit(stopped, 12);
  assert.match(linesOf(stopped, 'failure')[0]?.hint ?? '', /--max-delete 2/);
  assert.deepEqual(library.outputs(), before);
  assertExit(await library.apply('--max-delete', '2'), 0);
  assert.deepEqual(Object.keys(library.outputs()), ['0.opus', '3.opus']);
});

test('a source that failed is not tried again before it changes', async (context) => {
  const library = new Library(context);
  library.plant('in/bad.flac', 'fLaC and then nothing');
  const cut = library.track('cut.flac', { length: 20_000 });
  library.manifest({ outputs: [OUTPUT] });
  truncateSync(cut, 30_000);
  assertExit(await library.apply(), 3);
  assert.deepEqual(actionsOf(library, await library.plan()), {
    'out/bad.opus': 'error',
    'out/cut.opus': 'skip',
  });
  assertExit(await library.apply(), 3);
  assertExit(await library.run(['plan', '--detailed-exitcode']), 4);
  const retried = await library.apply('--retry-failed');
  assertExit(retried, 3);
  assert.equal(linesOf(retried, 'task-failed').length, 1);
  library.track('cut.flac', { length: 20_000 });
  const mended = await library.apply();
  assert.deepEqual(madeIn(library, mended), ['out/cut.opus']);
});

async function converted(context: TestContext, tracks: number): Promise<Library> {
  const library = new Library(context);
  for (let at = 0; at < tracks; at += 1) library.track(`${at}.flac`);
  library.manifest({ outputs: [OUTPUT] });
  assertExit(await library.apply(), 0);
  return library;
}
