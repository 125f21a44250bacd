import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { actionsOf, Library, madeIn, partsIn } from '../support/library.js';
import { noPlainUser, plainUser } from '../support/plain-user.js';
import { assertExit, linesOf } from '../support/rig.js';

const OPUS = { codec: 'opus', to: './out/opus', prune: true } as const;
const FLAC = { codec: 'flac', to: './out/flac', prune: true } as const;

const noMounts: string | false =
  process.platform === 'linux' && process.getuid?.() === 0 ? mountable() : 'needs root to mount';

test(
  'a target that cannot be written fails its outputs; the others are made',
  {
    skip: noPlainUser,
  },
  async (context) => {
    const library = new Library(context, {}, plainUser);
    library.track('a.flac');
    library.manifest({ outputs: [OPUS, FLAC] });
    mkdirSync(library.path('out/opus'), { recursive: true });
    chmodSync(library.path('out/opus'), 0o555);
    const run = await library.apply();
    assertExit(run, 3);
    assert.deepEqual(madeIn(library, run), ['out/flac/a.flac']);
    const [failed] = linesOf(run, 'task-failed');
    assert.equal(failed?.code, 'WRITE_FAILED');
    assert.ok(failed.text.includes(library.path('out/opus')), failed.text);
    chmodSync(library.path('out/opus'), 0o755);
    const next = await library.apply();
    assertExit(next, 0);
    assert.deepEqual(madeIn(library, next), ['out/opus/a.opus']);
  },
);

test(
  'a read-only file system fails its outputs; the others are made',
  {
    skip: noMounts,
  },
  async (context) => {
    const library = new Library(context);
    library.track('a.flac');
    library.manifest({ outputs: [OPUS, FLAC] });
    mountMemory(context, library.path('out/opus'), 'ro');
    const run = await library.apply();
    assertExit(run, 3);
    assert.deepEqual(madeIn(library, run), ['out/flac/a.flac']);
    assert.match(linesOf(run, 'task-failed')[0]?.text ?? '', /EROFS|read-only/);
  },
);

test(
  'no space left: what fits is kept, the rest fails with that reason and is made later',
  {
    skip: noMounts,
  },
  async (context) => {
    const library = new Library(context);
    for (const name of ['a', 'b', 'c', 'd']) library.track(`${name}.flac`, { length: 22_050 });
    const sizeBytes = readFileSync(library.path('in/a.flac')).length;
    library.manifest({ outputs: [{ codec: 'copy', to: './out/small' }, FLAC] });
    const remount = mountMemory(
      context,
      library.path('out/small'),
      `size=${Math.ceil(2.5 * sizeBytes)}`,
    );
    const run = await library.apply();
    assertExit(run, 3);
    const failures = linesOf(run, 'task-failed');
    assert.ok(failures.length > 0);
    assert.deepEqual([...new Set(failures.map(({ code }) => code))], ['NO_SPACE']);
    assert.equal(madeIn(library, run).filter((name) => name.startsWith('out/flac')).length, 4);
    assert.deepEqual(partsIn(library), []);
    remount(`size=${8 * sizeBytes}`);
    const next = await library.apply();
    assertExit(next, 0);
    assert.equal(madeIn(library, run).length + madeIn(library, next).length, 8);
    assertExit(await library.run(['verify', '--deep']), 0);
  },
);

test(
  'no space left for the ledger: an error, nothing lost',
  {
    skip: noMounts,
  },
  async (context) => {
    const library = new Library(context);
    for (const name of ['a', 'b', 'c']) library.track(`${name}.flac`);
    library.manifest({ outputs: [OPUS] });
    const remount = mountMemory(context, library.path('.flac2all'), 'size=4k');
    const run = await library.apply();
    assert.notEqual(run.code, 0);
    assert.doesNotMatch(run.stderr, /internal error/);
    assert.ok(linesOf(run, 'failure').length > 0 || /ENOSPC|space/.test(run.stderr), run.stderr);
    remount('size=1m');
    const next = await library.apply();
    assertExit(next, 0);
    assertExit(await library.plan(), 0);
    assert.deepEqual(partsIn(library), []);
  },
);

test('a path that is taken by a foreign file, folder or link is a conflict and stays', async (context) => {
  const library = new Library(context);
  for (const name of ['a', 'b', 'c', 'd']) library.track(`${name}.flac`);
  library.manifest({ outputs: [OPUS] });
  library.plant('out/opus/a.opus', 'mine');
  library.plant('out/opus/b.opus/inside', 'mine too');
  symlinkSync('nowhere', library.path('out/opus/c.opus'));
  const before = library.outputs();
  const planned = await library.plan();
  assert.deepEqual(actionsOf(library, planned), {
    'out/opus/a.opus': 'conflict',
    'out/opus/b.opus': 'conflict',
    'out/opus/c.opus': 'conflict',
    'out/opus/d.opus': 'create',
  });
  const run = await library.apply();
  assertExit(run, 3);
  const { 'opus/d.opus': made, ...kept } = library.outputs();
  assert.ok(made);
  assert.deepEqual(kept, before);
  assertExit(await library.plan(), 4);
  const forced = await library.apply('--overwrite-unmanaged');
  assert.deepEqual(madeIn(library, forced), ['out/opus/a.opus']);
});

test('a file where a folder has to be fails what would stand in it', async (context) => {
  const library = new Library(context);
  library.track('album/a.flac');
  library.track('b.flac');
  library.manifest({ outputs: [OPUS] });
  library.plant('out/opus/album', 'a file');
  const run = await library.apply();
  assertExit(run, 3);
  assert.deepEqual(madeIn(library, run), ['out/opus/b.opus']);
  assert.equal(readFileSync(library.path('out/opus/album'), 'utf8'), 'a file');
});

test('an output that was changed outside is drift: reported, left alone, not deleted', async (context) => {
  const library = new Library(context);
  for (const name of ['a', 'b', 'c']) library.track(`${name}.flac`);
  library.manifest({ outputs: [OPUS], policy: { maxDelete: '100%' } });
  assertExit(await library.apply(), 0);
  const whole = library.outputs();
  library.plant('out/opus/a.opus', 'edited');
  library.plant('out/opus/b.opus', 'edited');
  library.remove('in/b.flac');
  const edited = library.outputs();
  const planned = await library.plan();
  assertExit(planned, 2);
  assert.deepEqual(actionsOf(library, planned), {
    'out/opus/a.opus': 'drift',
    'out/opus/b.opus': 'forget',
  });
  assertExit(await library.apply(), 3);
  assert.deepEqual(library.outputs(), edited);
  assertExit(await library.plan(), 4);
  assertExit(await library.run(['verify']), 4);
  library.manifest({ outputs: [OPUS], policy: { onDrift: 'repair' } });
  assertExit(await library.apply(), 0);
  const { 'opus/b.opus': _, ...wanted } = whole;
  const { 'opus/b.opus': kept, ...repaired } = library.outputs();
  assert.equal(kept, edited['opus/b.opus']);
  assert.deepEqual(repaired, wanted);
});

function mountable(): string | false {
  return spawnSync('mountpoint', ['-q', '/proc']).status === 0 ? false : 'no mount here';
}

/** Mounts a tmpfs for the length of a test; returns how to mount it with other options. */
function mountMemory(context: TestContext, path: string, options: string): (other: string) => void {
  mkdirSync(path, { recursive: true });
  mount(['-t', 'tmpfs', '-o', options, 'tmpfs', path]);
  context.after(() => spawnSync('umount', ['-l', path]));
  return (other) => mount(['-o', `remount,${other}`, path]);
}

function mount(args: readonly string[]): void {
  const done = spawnSync('mount', args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`mount: ${done.stderr}`);
}
