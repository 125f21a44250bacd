import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Library, madeIn, partsIn } from '../support/library.js';
import { assertExit, linesOf } from '../support/rig.js';

const OPUS = { codec: 'opus', to: './out/opus' } as const;
const FLAC = { codec: 'flac', to: './out/flac' } as const;
const COPY = { codec: 'copy', to: './out/small' } as const;

const asRoot = {
  skip: process.platform === 'linux' && process.getuid?.() === 0 ? false : 'needs root to mount',
};

test('a read-only file system fails its outputs; the others are made', asRoot, async (context) => {
  const library = new Library(context);
  library.track('a.flac');
  library.manifest({ outputs: [OPUS, FLAC] });
  await withMemory(library.path('out/opus'), 'ro', async () => {
    const run = await library.apply();
    assertExit(run, 3);
    assert.deepEqual(madeIn(library, run), ['out/flac/a.flac']);
    assert.match(linesOf(run, 'task-failed')[0]?.text ?? '', /EROFS|read-only/);
  });
});

test(
  'no space left: what fits stays, the rest fails for that and is made later',
  asRoot,
  async (context) => {
    const library = new Library(context);
    for (const name of ['a', 'b', 'c', 'd']) library.track(`${name}.flac`, { length: 22_050 });
    const sizeBytes = readFileSync(library.path('in/a.flac')).length;
    library.manifest({ outputs: [COPY, FLAC] });
    const size = `size=${Math.ceil(2.5 * sizeBytes)}`;
    await withMemory(library.path('out/small'), size, async (remount) => {
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
    });
  },
);

test('no space left for the ledger: an error, nothing lost', asRoot, async (context) => {
  const library = new Library(context);
  for (const name of ['a', 'b', 'c']) library.track(`${name}.flac`);
  library.manifest({ outputs: [OPUS] });
  await withMemory(library.path('.flac2all'), 'size=4k', async (remount) => {
    const run = await library.apply();
    assert.notEqual(run.code, 0);
    assert.doesNotMatch(run.stderr, /internal error/);
    assert.match(`${run.stdout}${run.stderr}`, /ENOSPC|no space/);
    remount('size=1m');
    assertExit(await library.apply(), 0);
    assertExit(await library.plan(), 0);
    assert.deepEqual(partsIn(library), []);
  });
});

/** Mounts a tmpfs while `work` goes on, who may mount it again with other options. */
async function withMemory(
  path: string,
  options: string,
  work: (remount: (other: string) => void) => Promise<void>,
): Promise<void> {
  mkdirSync(path, { recursive: true });
  mount(['-t', 'tmpfs', '-o', options, 'tmpfs', path]);
  try {
    await work((other) => mount(['-o', `remount,${other}`, path]));
  } finally {
    spawnSync('umount', ['-l', path]);
  }
}

function mount(args: readonly string[]): void {
  const done = spawnSync('mount', args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`mount: ${done.stderr}`);
}
