import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Library, madeIn } from '../support/library.js';
import { commandsOf } from '../support/example-commands.js';
import { examples } from '../support/music.js';
import { assertExit, PROGRAM } from '../support/rig.js';
import { plant } from '../support/temporary-folder.js';

const noSystemd: string | false =
  spawnSync('systemd-analyze', ['--version']).status === 0 ? false : 'no systemd-analyze here';

test('every example is tested', () => {
  assert.deepEqual(readdirSync(examples).sort(), [
    'containers',
    'gitops',
    'kubernetes',
    'nightly',
    'profiles-shared-by-two-manifests',
    'quickstart',
    'slurm',
    'ssh-two-hosts',
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

test('gitops: planned as a comment, merged, applied by night; reverted, it is the tree of before', async (context) => {
  const library = copied(context);
  const git = gitRunner(context, library);
  const live = library.path('gitops');
  const desk = library.path('desk');
  plant(live, '.gitignore', '.flac2all/\n');
  git(library.root, 'git', 'init', '--quiet', '--bare', '--initial-branch=main', 'origin.git');
  git(live, 'git', 'init', '--quiet', '--initial-branch=main');
  git(live, 'git', 'add', '.');
  git(live, 'git', 'commit', '--quiet', '--message=Begin');
  git(live, 'git', 'remote', 'add', 'origin', library.path('origin.git'));
  git(live, 'git', 'push', '--quiet', '--set-upstream', 'origin', 'main');
  assert.match(git(live, './plan-comment.sh', 'main'), /7 to create/);
  assert.equal(git('/', join(live, 'nightly.sh')), '');
  const before = library.outputs('Mirror/phone');
  assert.equal(Object.keys(before).filter((name) => name.endsWith('.opus')).length, 5);

  git(library.root, 'git', 'clone', '--quiet', 'origin.git', 'desk');
  git(desk, 'git', 'switch', '--quiet', '--create', 'smaller');
  const smaller = readFileSync(join(desk, 'flac2all.yaml'), 'utf8').replace(': 96', ': 64');
  plant(desk, 'flac2all.yaml', smaller);
  git(desk, 'git', 'commit', '--quiet', '--all', '--message=Smaller');
  git(desk, 'git', 'push', '--quiet', 'origin', 'smaller');
  const untouched = library.everything();
  const comment = git(live, './plan-comment.sh', 'origin/smaller');
  assert.match(comment, /5 to update; 2 up to date/);
  assert.match(comment, /`option changed: bitrate 96 -> 64`/);
  const touched = Object.entries(library.everything()).filter(
    ([name, what]) => untouched[name] !== what && !/^\.$|\.git(?:\/|$)|^gitops\/?$/.test(name),
  );
  assert.deepEqual(touched, [], 'neither outputs nor ledger');

  git(desk, 'git', 'switch', '--quiet', 'main');
  git(desk, 'git', 'merge', '--quiet', '--no-ff', '--message=Merge', 'smaller');
  git(desk, 'git', 'push', '--quiet');
  git('/', join(live, 'nightly.sh'));
  const merged = library.outputs('Mirror/phone');
  assert.equal(Object.keys(merged).filter((name) => merged[name] !== before[name]).length, 5);

  git(desk, 'git', 'revert', '--no-edit', '--mainline=1', 'HEAD');
  git(desk, 'git', 'push', '--quiet');
  git('/', join(live, 'nightly.sh'));
  assert.deepEqual(library.outputs('Mirror/phone'), before);
});

test('init in a folder of music writes a manifest that works', async (context) => {
  const library = copied(context);
  const cwd = library.path('quickstart/Lossless');
  assertExit(await library.run(['init'], { cwd }), 0);
  const [, schema = ''] =
    /\$schema=(\S+)/.exec(readFileSync(join(cwd, 'flac2all.yaml'), 'utf8')) ?? [];
  assert.ok(existsSync(resolve(cwd, schema)), schema);
  assertExit(await library.run(['validate'], { cwd }), 0);
  assertExit(await library.run(['plan', '--detailed-exitcode'], { cwd }), 2);
});

/** Runs a program in a folder, with `flac2all` on PATH and a git that has no settings but these. */
function gitRunner(
  context: TestContext,
  library: Library,
): (cwd: string, program: string, ...args: readonly string[]) => string {
  const bin = library.path('bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'flac2all'), `#!/bin/sh\nexec "${process.execPath}" "${PROGRAM}" "$@"\n`);
  chmodSync(join(bin, 'flac2all'), 0o755);
  const who = { NAME: 'Ada', EMAIL: 'ada@example.org' };
  const people = ['AUTHOR', 'COMMITTER'].flatMap((role) =>
    Object.entries(who).map(([what, value]) => [`GIT_${role}_${what}`, value] as const),
  );
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
  const env = {
    ...inherited,
    ...Object.fromEntries(people),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    PATH: `${bin}:${process.env['PATH']}`,
    TMPDIR: library.root,
  };
  context.diagnostic(`in ${library.root}`);
  return (cwd, program, ...args) => {
    const done = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
    const how = `${program} ${args.join(' ')}: ${done.status}\n${done.stdout}\n${done.stderr}`;
    assert.equal(done.status, 0, how);
    return done.stdout;
  };
}

/** The examples as a user has them, in a folder of their own. */
function copied(context: TestContext): Library {
  const library = new Library(context);
  cpSync(examples, library.root, { recursive: true });
  assert.ok(PROGRAM.endsWith('main.js'));
  return library;
}

test('slurm: the batch script of the shards, as an array task runs it', async (context) => {
  const script = join(examples, 'slurm/shards.sbatch');
  const library = new Library(context);
  library.track('a.flac');
  library.track('b.flac');
  library.manifest({ outputs: [{ codec: 'opus', to: './out' }] });
  assertExit(await library.run(['plan', '--out', 'P', '--shards', '2', '--quiet']), 0);
  const bin = library.plant(
    'bin/flac2all',
    `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`,
  );
  chmodSync(bin, 0o755);
  const PATH = `${dirname(bin)}:${process.env['PATH'] ?? ''}`;
  const text = readFileSync(script, 'utf8');
  const found = text.matchAll(/^#SBATCH (--[a-z-]+)/gm);
  const directives = new Set([...found].map(([, name]) => name));
  assert.ok(['--array', '--requeue', '--signal'].every((name) => directives.has(name)));
  for (const task of ['1', '2']) {
    const env = { ...process.env, PATH, SLURM_ARRAY_TASK_ID: task };
    const ran = spawnSync('bash', [script, library.path('P')], { env, encoding: 'utf8' });
    assert.equal(ran.status, 0, ran.stderr);
    assert.match(ran.stdout, new RegExp(`^Shard ${task}: 1 of 1 output made`));
  }
  assertExit(await library.run(['collect', 'P']), 0);
  assertExit(await library.plan(), 0);
});
