import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Library } from '../support/library.js';
import { assertExit, PROGRAM } from '../support/rig.js';

/** Every command that only looks, with its exit code in the library below. */
const LOOKS: readonly (readonly [code: number, ...args: readonly string[]])[] = [
  [0, 'validate'],
  [0, 'plan'],
  [2, 'plan', '--detailed-exitcode', '--full'],
  [0, 'plan', '--format', 'markdown'],
  [0, 'status'],
  [0, 'explain', 'in/a.flac'],
  [0, 'show', 'saved.plan'],
  [0, 'show', '--format', 'markdown', 'saved.plan'],
  [4, 'verify'],
  [4, 'verify', '--deep', '--foreign'],
  [0, 'ledger', 'show'],
  [0, 'ledger', 'list'],
  [0, 'ledger', 'export'],
  [0, 'ledger', 'export', '--sha256sums'],
];

async function changedLibrary(context: TestContext): Promise<Library> {
  const library = new Library(context);
  library.manifest({ outputs: [{ codec: 'opus', to: './out', prune: true }] });
  for (const name of ['a', 'b', 'c']) library.track(`${name}.flac`);
  library.plant('in/not.flac', 'no music');
  assertExit(await library.apply(), 3);
  library.track('a.flac', { seed: 99 });
  library.remove('in/b.flac');
  library.plant('out/c.opus', 'edited');
  assertExit(await library.run(['plan', '--out', 'saved.plan']), 0);
  return library;
}

test('commands that look leave every byte and time as it was', async (context) => {
  const library = await changedLibrary(context);
  const before = library.everything();
  for (const [code, ...args] of LOOKS) {
    const program = [PROGRAM, ...args];
    const done = spawnSync(process.execPath, program, { cwd: library.root, encoding: 'utf8' });
    assert.equal(done.status, code, `${args.join(' ')}\n${done.stdout}\n${done.stderr}`);
    assert.deepEqual(library.everything(), before, args.join(' '));
  }
});

test('they work on a read-only mount', { skip: noMounts() }, async (context) => {
  const library = await changedLibrary(context);
  const script = `mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && cd "$0" && ! touch x 2>/dev/null && exec "$@"`;
  for (const [code, ...args] of LOOKS) {
    const program = [process.execPath, PROGRAM, ...args];
    const done = spawnSync('unshare', ['-m', 'sh', '-c', script, library.root, ...program], {
      encoding: 'utf8',
    });
    assert.equal(done.status, code, `${args.join(' ')}\n${done.stdout}\n${done.stderr}`);
  }
});

function noMounts(): string | false {
  const done = spawnSync('unshare', ['-m', 'mount', '--bind', '/tmp', '/tmp']);
  return done.status === 0 ? false : 'mounting takes root';
}
