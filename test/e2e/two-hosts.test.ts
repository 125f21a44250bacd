import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Library, partsIn } from '../support/library.js';
import { assertExit, Run, WORKER_PROGRAM } from '../support/rig.js';
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
  const added = await library.run(['keys', 'add', 'attic', '--out', 'attic.key']);
  assertExit(added, 0);

  const command = ['--vorbis-options=quality=9', '-o', join(srv, 'out'), join(srv, 'in')];
  const onMaster = { inside: here.inside(library.root, srv) };
  const master = library.start(['vorbis', '-m', ...command], onMaster);
  await master.said(/Waiting for worker\(s\) to connect/);
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
  const run = await master.finished;
  assertExit(run, 0);

  assert.equal(run.stderr.match(/cannot be seen here.*--map/g)?.length, 1, run.stderr);
  const made = Object.keys(library.outputs('out/vorbis')).filter((name) => name.endsWith('.ogg'));
  assert.deepEqual(made, ['b=c/02 Nocturne.ogg', 'Żółć & Søn/01 "Brücke".ogg']);
  assert.deepEqual(partsIn(library), []);
  const again = await library.run(['vorbis', '-m', ...command], onMaster);
  assertExit(again, 0);
  assert.match(again.stdout, /Files that exist already, skipped: 2\n/);
});
