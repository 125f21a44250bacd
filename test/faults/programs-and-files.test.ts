import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { findProgram } from '#src/codecs/find-program.js';
import { Library, madeIn } from '../support/library.js';
import { assertExit, linesOf } from '../support/rig.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const OPUS = { codec: 'opus', to: './out/opus' } as const;
const FLAC = { codec: 'flac', to: './out/flac' } as const;
const BINARY = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 0xff, 0xfe, 0x80]);

test('a missing encoder fails its outputs with its name; the others are made', async (context) => {
  const env = { PATH: await pathWith(context, 'flac') };
  const library = new Library(context, env);
  library.track('a.flac');
  library.manifest({ outputs: [OPUS, FLAC] });
  const invalid = await library.run(['validate', '--json']);
  assertExit(invalid, 6);
  const [problem] = linesOf(invalid, 'failure');
  assert.equal(problem?.code, 'MANIFEST_ENCODER_MISSING');
  assert.match(`${problem.message} ${problem.hint}`, /opusenc.*opus-tools/);
  const planned = await library.run(['plan', '--json']);
  assertExit(planned, 0);
  assert.deepEqual(
    linesOf(planned, 'notice').map(({ code, text }) => [code, /^[^,]+/.exec(text)?.[0]]),
    [['PROGRAM_MISSING', 'profile opus: opusenc is not on PATH here']],
  );
  const run = await library.apply();
  assertExit(run, 3);
  assert.deepEqual(madeIn(library, run), ['out/flac/a.flac']);
  const [failed] = linesOf(run, 'task-failed');
  assert.equal(failed?.code, 'NO_WORKER');
  assert.match(failed.text, /opusenc.*opus-tools/);
  const later = await library.run(['apply', '--yes', '--json'], {
    env: { PATH: process.env['PATH'] ?? '' },
  });
  assertExit(later, 0);
  assert.deepEqual(madeIn(library, later), ['out/opus/a.opus']);
});

test('without flac nothing can be made, and it is said', async (context) => {
  const library = new Library(context, { PATH: await pathWith(context) });
  library.track('a.flac');
  library.manifest({ outputs: [OPUS] });
  const run = await library.apply();
  assertExit(run, 3);
  assert.match(linesOf(run, 'task-failed')[0]?.text ?? '', /flac|opusenc/);
  const doctor = await library.run(['doctor']);
  assertExit(doctor, 1);
  assert.match(doctor.stdout, /flac/);
});

for (const [what, code, write] of [
  ['missing', 'MANIFEST_MISSING', () => undefined],
  ['a folder', 'MANIFEST_NOT_A_FILE', (path: string) => mkdirSync(path)],
  [
    '0 bytes',
    'MANIFEST_EMPTY',
    (_: string, library: Library) => library.plant('flac2all.yaml', ''),
  ],
  [
    'binary',
    'MANIFEST_NOT_TEXT',
    (_: string, library: Library) => library.plant('flac2all.yaml', BINARY),
  ],
] as const) {
  test(`a manifest that is ${what}: a clear error, and nothing is written`, async (context) => {
    const library = new Library(context);
    library.track('a.flac');
    write(library.path('flac2all.yaml'), library);
    const before = library.everything();
    for (const command of ['validate', 'plan', 'status', 'apply']) {
      const yes = command === 'apply' ? ['--yes'] : [];
      const run = await library.run([command, '--json', ...yes]);
      assertExit(run, 6);
      const [failure] = linesOf(run, 'failure');
      assert.equal(failure?.code, code);
      assert.ok(failure.message.includes(library.path('flac2all.yaml')), failure.message);
    }
    assert.deepEqual(library.everything(), before);
  });
}

test('a ledger that is of a newer version, garbage, cut or empty is refused by name and left alone', async (context) => {
  const library = new Library(context);
  library.track('a.flac');
  library.manifest({ outputs: [OPUS] });
  assertExit(await library.apply(), 0);
  const before = library.outputs();
  const file = library.path('.flac2all/ledger.json');
  const sound = readFileSync(file, 'utf8');
  for (const damaged of [
    sound.replace(/"version":\s*\d+/, '"version":99'),
    'no ledger at all\n',
    sound.slice(0, sound.length / 2),
    '',
  ]) {
    assert.notEqual(damaged, sound);
    library.plant('.flac2all/ledger.json', damaged);
    const run = await library.apply();
    assertExit(run, 10);
    assert.ok(linesOf(run, 'failure')[0]?.message.includes(file), run.stdout);
    for (const command of ['plan', 'status', 'verify']) {
      assertExit(await library.run([command]), 10);
    }
    assert.deepEqual(library.outputs(), before);
    assert.equal(readFileSync(file, 'utf8'), damaged);
  }
  library.plant('.flac2all/ledger.json', sound);
  assertExit(await library.plan(), 0);
});

test('looking changes nothing: no file, no time, no folder', async (context) => {
  const library = new Library(context);
  library.track('a.flac');
  library.track('b.flac');
  library.manifest({ outputs: [OPUS] });
  const looks = [
    ['validate'],
    ['plan'],
    ['plan', '--json', '--full', '--detailed-exitcode'],
    ['status'],
    ['explain', 'in/a.flac'],
    ['verify', '--deep'],
    ['doctor'],
  ];
  const look = async (): Promise<void> => {
    const before = library.everything();
    for (const args of looks) await library.run(args);
    assert.deepEqual(library.everything(), before);
  };
  await look();
  assertExit(await library.apply(), 0);
  library.track('b.flac', { seed: 5 });
  library.track('c.flac');
  library.remove('in/a.flac');
  await look();
});

/** A PATH with these programs and nothing else. */
async function pathWith(context: TestContext, ...programs: readonly string[]): Promise<string> {
  const bin = temporaryFolder(context);
  for (const program of programs) {
    const real = await findProgram(program, process.env['PATH']);
    if (real !== undefined) symlinkSync(real, join(bin, program));
  }
  assert.equal(readdirSync(bin).length, programs.length);
  return bin;
}
