import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { actionsOf, Library } from '../support/library.js';
import { assertExit, linesOf, PROGRAM } from '../support/rig.js';

async function applied(context: TestContext, policy: { trash?: string } = {}): Promise<Library> {
  const library = new Library(context);
  library.manifest({
    outputs: [{ codec: 'opus', to: './out', prune: true }],
    policy: { ...policy, maxDelete: 100 },
  });
  for (const name of ['a', 'b', 'new\nline']) library.track(`${name}.flac`);
  assertExit(await library.apply(), 0);
  return library;
}

const USES: readonly (readonly string[])[] = [
  ['ledger', 'burn'],
  ['ledger', 'show', 'more'],
  ['ledger', 'rm', '--yes'],
  ['ledger', 'mv', '--yes', 'out'],
  ['ledger', 'rm', '**'],
  ['ledger', 'list', '--sha256sums'],
  ['ledger', 'show', '--yes'],
  ['ledger', 'export', '--json'],
  ['accept'],
  ['gc', '--yes'],
  ['gc', '--yes', '--older-than', 'monday'],
  ['verify', '--subset', '31/30'],
  ['verify', '--jobs', '2'],
  ['plan', '--json', '--format', 'markdown'],
  ['plan', '--full', '--format', 'markdown'],
];

test('a real library, looked at', async (context) => {
  const library = await applied(context);

  await context.test('wrong uses are told as such, and change nothing', () => {
    const before = library.everything();
    for (const args of USES) {
      const done = spawnSync(process.execPath, [PROGRAM, ...args], {
        cwd: library.root,
        encoding: 'utf8',
      });
      assert.equal(done.status, 64, `${args.join(' ')}\n${done.stdout}\n${done.stderr}`);
    }
    assert.deepEqual(library.everything(), before);
  });

  await context.test('its checksums are what sha256sum reads', () => {
    const command = `"${process.execPath}" "${PROGRAM}" ledger export --sha256sums | sha256sum --check --strict --quiet`;
    assert.equal(execFileSync('sh', ['-c', command], { cwd: library.root, encoding: 'utf8' }), '');
  });

  await context.test('plan tells what it takes, by what was made before', async () => {
    library.track('d.flac');
    const { stdout } = await library.run(['plan']);
    assert.match(stdout, /To convert: 0\.1s of audio, .* KiB; about .* on \d+ workers?\.\n$/);
    const [ready] = linesOf(await library.plan(), 'plan-ready');
    assert.ok((ready?.estimate?.workMs ?? 0) > 0);
  });
});

test('ledger list, rm, mv, show, repair and backup on a real library', async (context) => {
  const library = await applied(context);
  const rows = await library.run(['ledger', 'list', '--json', '*/a.opus']);
  assert.deepEqual(
    linesOf(rows, 'answer').map(({ data }) => data['output']),
    [library.path('out/a.opus')],
  );
  assertExit(await library.run(['ledger', 'backup', 'ledger.tar']), 0);
  assertExit(await library.run(['ledger', 'backup', 'ledger.tar']), 1);
  assertExit(await library.run(['ledger', 'rm', '--yes', 'out/a.opus']), 0);
  assert.deepEqual(actionsOf(library, await library.plan()), { 'out/a.opus': 'conflict' });
  library.remove('.flac2all');
  execFileSync('tar', ['-xf', 'ledger.tar'], { cwd: library.root });
  assertExit(await library.plan(), 0);
  renameSync(library.path('out/b.opus'), library.path('out/c.opus'));
  renameSync(library.path('in/b.flac'), library.path('in/c.flac'));
  assertExit(await library.run(['ledger', 'mv', '-y', 'out/b.opus', 'out/c.opus']), 0);
  assertExit(await library.plan(), 0);
  assertExit(await library.run(['ledger', 'mv', '-y', 'out/c.opus', 'out/gone.opus']), 3);
  assertExit(await library.run(['ledger', 'repair']), 0);
  const [shown] = linesOf(await library.run(['ledger', 'show', '--json']), 'answer');
  assert.deepEqual([shown?.data['rows'], shown?.data['damaged']], [3, []]);
});

test('drift is accepted by name', async (context) => {
  const library = await applied(context);
  library.plant('out/a.opus', 'mine');
  assertExit(await library.plan(), 4);
  const run = await library.run(['accept', '--yes', '--json', '--target', '**/a.opus']);
  assertExit(run, 0);
  assertExit(await library.plan(), 0);
  assertExit(await library.run(['verify', '--deep']), 0);
});

test('what is pruned goes to the trash, gc empties it', async (context) => {
  const library = await applied(context, { trash: '30d' });
  library.remove('in/a.flac');
  const run = await library.apply();
  assertExit(run, 0);
  assert.match(
    linesOf(run, 'file-deleted')[0]?.trash ?? '',
    /\/out\/\.flac2all-trash\/.*\/a\.opus$/,
  );
  assert.equal(linesOf(run, 'summary')[0]?.trashed, 1);
  const [kept] = linesOf(await library.run(['gc', '--yes', '--json']), 'answer');
  assert.deepEqual([kept?.data['removed'], kept?.data['left']], [0, 1]);
  assertExit(await library.run(['verify', '--foreign']), 0);
  assertExit(await library.run(['gc', '--yes', '--older-than', '0s']), 0);
  assert.deepEqual(Object.keys(library.outputs()), ['b.opus', 'new\nline.opus']);
  const [status] = linesOf(await library.run(['status', '--json']), 'answer');
  const runs = status?.data['runs'] as readonly { readonly command: string }[];
  assert.deepEqual(
    runs.map(({ command }) => command),
    ['flac2all gc', 'flac2all gc', 'flac2all apply', 'flac2all apply'],
  );
});

test('a saved plan is shown as it was planned', async (context) => {
  const library = await applied(context);
  library.track('a.flac', { seed: 99 });
  library.remove('in/b.flac');
  const planned = await library.run(['plan', '--out', 'saved.plan']);
  const shown = await library.run(['show', 'saved.plan']);
  assertExit(shown, 0);
  const rows = (text: string): readonly string[] => text.match(/^ {4}\S .*$/gmu) ?? [];
  assert.deepEqual(rows(shown.stdout), rows(planned.stdout));
  assert.match(shown.stdout, /^Saved .*\n\n[^]*\nPlan: 1 to update, 1 to delete\.\n$/u);
  const [answer] = linesOf(await library.run(['show', '--json', 'saved.plan']), 'answer');
  assert.ok(answer !== undefined);
  assert.equal((answer.data['changes'] as unknown[]).length, 2);
  library.plant('saved.plan', '{}');
  assertExit(await library.run(['show', 'saved.plan']), 1);
});

test('explain tells values in full, and what is remembered of a failure', async (context) => {
  const library = await applied(context);
  library.plant('out/a.opus', 'mine');
  const drifted = await library.run(['explain', 'out/a.opus']);
  assert.match(drifted.stdout, /was {2}[0-9a-f]{64}\n {12}is {3}[0-9a-f]{64}\n/u);
  const cut = readFileSync(library.track('cut.flac'));
  library.plant('in/cut.flac', cut.subarray(0, cut.length - 2000));
  assertExit(await library.apply(), 3);
  const failed = await library.run(['explain', 'in/cut.flac']);
  assert.match(failed.stdout, /plan {4}skip\n[^]*failed {2}1x, last 2[^]*\[[A-Z_]+\]\n {10}\| /u);
});

test('damage is shown, and repaired with what the files say', async (context) => {
  const library = await applied(context);
  const [name = ''] = readdirSync(library.path('.flac2all/shards'));
  const shard = library.path(`.flac2all/shards/${name}`);
  writeFileSync(shard, readFileSync(shard, 'utf8').replace('"directory"', '"directorX"'));
  assertExit(await library.run(['ledger', 'show']), 4);
  assertExit(await library.run(['ledger', 'backup', 'damaged.tar']), 10);
  assertExit(await library.run(['ledger', 'repair']), 0);
  assertExit(await library.run(['ledger', 'show']), 0);
  assertExit(await library.plan(), 0);
});
