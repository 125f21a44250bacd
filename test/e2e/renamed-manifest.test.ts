import assert from 'node:assert/strict';
import { existsSync, readdirSync, renameSync } from 'node:fs';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Library } from '../support/library.js';
import { assertExit, linesOf } from '../support/rig.js';

const OPUS = { codec: 'opus', to: 'out' } as const;

function rename(library: Library, from: string, to: string): void {
  renameSync(library.path(from), library.path(to));
}

test('a run that was refused leaves nothing that keeps out a manifest of another name', async (context) => {
  const library = new Library(context);
  library.track('a.flac');
  library.manifest({ source: 'gone', outputs: [OPUS] });
  rename(library, 'flac2all.yaml', 'test.yaml');
  assertExit(await library.apply('-f', 'test.yaml'), 12);
  assert.ok(existsSync(library.path('.flac2all/ledger.json')));
  library.manifest({ outputs: [OPUS] });
  assertExit(await library.plan(), 2);
  assertExit(await library.apply(), 0);
  assertExit(await library.plan(), 0);
});

test('a ledger with rows is handed over as its refusal says', async (context) => {
  const library = new Library(context);
  library.track('a.flac');
  library.manifest({ outputs: [OPUS] });
  assertExit(await library.apply(), 0);
  rename(library, 'flac2all.yaml', 'new.yaml');
  for (const command of [['plan'], ['apply', '-y']]) {
    const refused = await library.run([...command, '--json', '-f', 'new.yaml']);
    assertExit(refused, 10);
    const [failure] = linesOf(refused, 'failure');
    assert.equal(failure?.code, 'LEDGER_FOREIGN');
    const way = `move ${library.path('.flac2all')} away and let \`flac2all adopt\``;
    assert.ok(failure.hint?.includes(way), failure.hint);
  }
  rename(library, '.flac2all', 'away');
  assertExit(await library.run(['adopt', '-f', 'new.yaml']), 0);
  assertExit(await library.plan('-f', 'new.yaml'), 0);
});

for (const [what, args] of [
  ['apply -j0', ['apply', '-y', '--json', '-j0']],
  ['the classic -t 0', ['opus', '--json', '-t', '0', '-o', 'out', 'in']],
] as const) {
  test(`${what} without a master is misuse and leaves nothing`, async (context) => {
    const library = libraryWith(context, {});
    const before = readdirSync(library.root);
    const run = await library.run(args);
    assertExit(run, 64);
    assert.equal(linesOf(run, 'failure')[0]?.code, 'USAGE');
    assert.deepEqual(readdirSync(library.root), before);
  });
}

test('a manifest that says 0 workers is no misuse: it only lacks workers', async (context) => {
  const run = await libraryWith(context, { workers: 0 }).apply();
  assertExit(run, 1);
  assert.equal(linesOf(run, 'failure')[0]?.code, 'NO_WORKERS');
});

test('a master with -j0 waits for workers', async (context) => {
  const library = libraryWith(context, {});
  const run = library.start(['apply', '-y', '-j0', '--bind', 'tcp://127.0.0.1:*']);
  await run.said(/workers can join at/);
  run.signal('SIGINT');
  assertExit(await run.finished, 130);
});

function libraryWith(context: TestContext, cluster: { readonly workers?: 0 }): Library {
  const library = new Library(context);
  library.track('a.flac');
  library.manifest({ outputs: [OPUS], cluster });
  return library;
}
