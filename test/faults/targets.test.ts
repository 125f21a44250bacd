import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { actionsOf, Library, madeIn } from '../support/library.js';
import { noPlainUser, plainUser } from '../support/plain-user.js';
import { assertExit, linesOf } from '../support/rig.js';

const OPUS = { codec: 'opus', to: './out/opus', prune: true } as const;
const FLAC = { codec: 'flac', to: './out/flac', prune: true } as const;

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

test(
  'a root that moved to another disk: outputs are copied there, not encoded again',
  { skip: process.getuid?.() === 0 ? false : 'needs root to mount' },
  async (context) => {
    const library = new Library(context);
    for (const name of ['a', 'b']) library.track(`${name}.flac`);
    library.manifest({ outputs: [{ ...OPUS, to: './out/old' }], policy: { maxDelete: '100%' } });
    assertExit(await library.apply(), 0);
    const before = library.outputs('out/old');
    mkdirSync(library.path('out/new'));
    const mount = ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', library.path('out/new')];
    assert.equal(spawnSync('mount', mount).status, 0);
    try {
      library.manifest({ outputs: [{ ...OPUS, to: './out/new' }], policy: { maxDelete: '100%' } });
      const refuses =
        '#!/bin/sh\nif [ "$1" = --version ]; then echo opusenc opus-tools 9; else exit 1; fi\n';
      chmodSync(library.plant('bin/opusenc', refuses), 0o755);
      const env = { PATH: `${library.path('bin')}:${process.env['PATH']}` };
      const run = await library.run(['apply', '--yes', '--json'], { env });
      assertExit(run, 0);
      assert.deepEqual(library.outputs('out/new'), before);
      assert.deepEqual(library.outputs('out/old'), {});
      assertExit(await library.plan(), 0);
    } finally {
      spawnSync('umount', ['-l', library.path('out/new')]);
    }
  },
);
