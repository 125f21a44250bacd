import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Library, madeIn } from '../support/library.js';
import { examples } from '../support/music.js';
import { assertExit, PROGRAM } from '../support/rig.js';
import { plant } from '../support/temporary-folder.js';

const noSystemd: string | false =
  spawnSync('systemd-analyze', ['--version']).status === 0 ? false : 'no systemd-analyze here';

/** What a README tells to type: lines that are indented by four spaces. */
function commandsOf(example: string): readonly (readonly string[])[] {
  const text = readFileSync(join(examples, example, 'README.md'), 'utf8');
  return [...text.matchAll(/^ {4}flac2all (.*?)(?: +#.*)?$/gm)].map(([, args = '']) =>
    args.split(' '),
  );
}

test('every example is tested', () => {
  assert.deepEqual(readdirSync(examples).sort(), [
    'nightly',
    'profiles-shared-by-two-manifests',
    'quickstart',
  ]);
});

test('quickstart: the commands of its README, then nothing to do', async (context) => {
  const library = copied(context);
  const cwd = library.path('quickstart');
  const commands = commandsOf('quickstart');
  assert.deepEqual(
    commands.map(([name]) => name),
    ['plan', 'apply', 'plan'],
  );
  for (const args of commands) assertExit(await library.run(args, { cwd }), 0);
  assertExit(await library.run(['plan', '--detailed-exitcode'], { cwd }), 0);
  const outputs = Object.keys(library.outputs('quickstart/Lossy'));
  assert.deepEqual(
    ['opus', 'mp3', 'jpg'].map((end) => outputs.filter((name) => name.endsWith(`.${end}`)).length),
    [5, 5, 2],
  );
});

test('profiles shared by two manifests: each has its own outputs and ledger', async (context) => {
  const library = copied(context);
  const cwd = library.path('profiles-shared-by-two-manifests');
  const commands = commandsOf('profiles-shared-by-two-manifests');
  assert.equal(commands.length, 2);
  for (const args of commands) assertExit(await library.run(args, { cwd }), 0);
  const profiles = join(cwd, 'profiles.yaml');
  const text = readFileSync(profiles, 'utf8').replace('vbr: 2', 'vbr: 4');
  plant(cwd, 'profiles.yaml', text);
  const untouched = ['plan', '--detailed-exitcode', '-f', 'home/flac2all.yaml'];
  assertExit(await library.run(untouched, { cwd }), 0);
  const changed = ['apply', '--yes', '--json', '-f', 'car/flac2all.yaml'];
  const run = await library.run(changed, { cwd });
  assertExit(run, 0);
  const made = madeIn(library, run);
  assert.equal(made.length, 5);
  assert.ok(made.every((name) => name.endsWith('.mp3')));
});

test('nightly: what systemd and cron call, with the path of the manifest replaced', async (context) => {
  const library = copied(context);
  const nightly = readFileSync(join(examples, 'nightly/flac2all-nightly.service'), 'utf8');
  const crontab = readFileSync(join(examples, 'nightly/crontab'), 'utf8');
  const service = /^ExecStart=\/usr\/bin\/env flac2all (.*)$/m.exec(nightly)?.[1];
  const cron = /^\d.*? flac2all (.*)$/m.exec(crontab)?.[1];
  const manifest = library.path('nightly/flac2all.yaml');
  for (const line of [service, cron]) {
    assert.match(line ?? '', / \/srv\/music\/flac2all\.yaml$/);
    const args = (line ?? '').split(' ').map((word) => (word.startsWith('/srv') ? manifest : word));
    const run = await library.run(args, { cwd: '/' });
    assertExit(run, 0);
    if (line === cron) assert.equal(run.stdout + run.stderr, '', 'cron would send mail');
  }
  assert.equal(
    Object.keys(library.outputs('nightly/Lossy')).filter((name) => name.endsWith('.opus')).length,
    5,
  );
  assertExit(await library.run(['plan', '--detailed-exitcode', '-f', manifest], { cwd: '/' }), 0);
});

test('nightly: systemd takes its units', { skip: noSystemd }, (context) => {
  const library = copied(context);
  const units = ['service', 'timer'].map((kind) =>
    library.path(`nightly/flac2all-nightly.${kind}`),
  );
  const done = spawnSync('systemd-analyze', ['verify', '--man=no', ...units], {
    encoding: 'utf8',
    env: { ...process.env, SYSTEMD_LOG_LEVEL: 'warning' },
  });
  const ours = done.stderr.split('\n').filter((line) => line.includes('flac2all-nightly'));
  assert.deepEqual(ours, []);
});

test('init in a folder of music writes a manifest that works', async (context) => {
  const library = copied(context);
  const cwd = library.path('quickstart/Lossless');
  assertExit(await library.run(['init'], { cwd }), 0);
  assertExit(await library.run(['validate'], { cwd }), 0);
  assertExit(await library.run(['plan', '--detailed-exitcode'], { cwd }), 2);
});

/** The examples as a user has them, in a folder of their own. */
function copied(context: TestContext): Library {
  const library = new Library(context);
  cpSync(examples, library.root, { recursive: true });
  assert.ok(PROGRAM.endsWith('main.js'));
  return library;
}
