import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Library, partsIn } from '../support/library.js';
import { assertExit, linesOf, Run, WORKER_PROGRAM } from '../support/rig.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { noHosts, twoHosts } from '../support/two-hosts.js';

test('two hosts with one folder at different paths', { skip: noHosts }, async (context) => {
  const [here, there] = twoHosts(context);
  const keys = temporaryFolder(context);
  const library = new Library(context, { XDG_CONFIG_HOME: keys });
  const mounts = temporaryFolder(context);
  const [srv, nas] = [join(mounts, 'srv/music'), join(mounts, 'mnt/nas music')];
  library.track('Żółć & Søn/01 "Brücke".flac');
  library.track('b=c/02 Nocturne.flac');
  mkdirSync(library.path('out'));
  library.plant(
    'flac2all.yaml',
    JSON.stringify({
      version: 1,
      sources: { lossless: { path: join(srv, 'in') } },
      outputs: [{ codec: 'opus', to: join(srv, 'out') }],
      policy: { minAge: '0s' },
      cluster: { bind: 'tcp://*:2019', workers: 0 },
    }),
  );
  const added = await library.run(['keys', 'add', 'attic', '--out', 'attic.key']);
  assertExit(added, 0);

  const master = library.start(['apply', '--yes', '--json'], {
    inside: here.inside(library.root, srv),
  });
  await master.line('apply-started');
  const work = (...args: readonly string[]): Run =>
    new Run([here.address, '--key', 'attic.key', '-j2', ...args], {
      cwd: library.root,
      program: WORKER_PROGRAM,
      inside: there.inside(library.root, nas),
    });

  const lost = await work().finished;
  assertExit(lost, 1);
  assert.ok(lost.stderr.includes(`${join(srv, 'in')} cannot be seen here`), lost.stderr);
  assert.ok(lost.stderr.includes(`--map ${join(srv, 'in')}=FOLDER`), lost.stderr);

  const worker = await work('--map', `${srv}=${nas}`).finished;
  assertExit(worker, 0);
  const applied = await master.finished;
  assertExit(applied, 0);

  const refusals = linesOf(applied, 'notice').filter(({ code }) => code === 'AGENT_REFUSED');
  assert.equal(refusals.length, 1);
  assert.match(refusals[0]?.text ?? '', /cannot be seen here.*--map/);
  const made = ['Żółć & Søn', 'Żółć & Søn/01 "Brücke".opus', 'b=c', 'b=c/02 Nocturne.opus'];
  assert.deepEqual(Object.keys(library.outputs()).sort(), made.sort());
  assert.deepEqual(partsIn(library), []);
  const again = await library.run(['plan', '--detailed-exitcode'], {
    inside: here.inside(library.root, srv),
  });
  assertExit(again, 0);
});
