import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Library } from '../support/library.js';
import { assertExit, WORKER_PROGRAM } from '../support/rig.js';
import type { Finished, Run } from '../support/rig.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const VORBIS = ['vorbis', '--vorbis-options=quality=9', '-o', 'out', 'in'];

function libraryOf(context: TestContext, ...tracks: readonly string[]): Library {
  const library = new Library(context, { XDG_CONFIG_HOME: temporaryFolder(context) });
  for (const name of tracks) library.track(name);
  return library;
}

/** `name,format,status,code` of each row. */
function logOf(library: Library, folder = 'out'): readonly string[] {
  const [header, ...rows] = library.read(`${folder}/conversion_results.log`).trimEnd().split('\n');
  assert.equal(header, 'infile,outfile,format,conversion_status,return_code,execution_time');
  return rows.map((row) => row.replace(/^.*\/(?=[^/]+,)/, '').replace(/,[^,]*$/, ''));
}

/** The files that were made, the ledger and the log not. */
function madeIn(library: Library, folder = 'out'): readonly string[] {
  return Object.entries(library.outputs(folder))
    .filter(([name, content]) => content !== 'folder' && !/^\.flac2all|\.log$/.test(name))
    .map(([name]) => name);
}

function lines({ stdout }: Finished, pattern: RegExp): readonly string[] {
  return stdout.split('\n').filter((line) => pattern.test(line));
}

async function startMaster(library: Library): Promise<readonly [Run, string]> {
  const master = library.start([...VORBIS, '-m', '--bind', 'tcp://*:*']);
  const [, port = ''] = await master.said(/workers can join at tcp:\/\/0\.0\.0\.0:(\d+)/);
  return [master, `localhost:${port}`];
}

test('a master and two workers by the classic commands', async (context) => {
  const library = libraryOf(context, 'A/a.flac', 'A/b.flac', 'B/c.flac', 'B/d.flac');
  const [master, host] = await startMaster(library);
  const options = { program: WORKER_PROGRAM };
  const workers = ['-j1', '-j2'].map((jobs) => library.start([host, jobs], options));
  const finished = await master.finished;
  assertExit(finished, 0);
  const [first, second] = await Promise.all(workers.map((worker) => worker.finished));
  for (const [worker, spawned] of [
    [first, 1],
    [second, 2],
  ] as const) {
    if (worker === undefined) assert.fail();
    assertExit(worker, 0);
    assert.equal(lines(worker, /^Spawned worker process$/).length, spawned);
  }
  const processed = [first, second].flatMap((worker) =>
    worker ? lines(worker, /^Processing:/) : [],
  );
  assert.equal(processed.length, 4);
  assert.match(processed.join('\n'), /Processing: {2}a\.flac +target: vorbis/);
  const said = finished.stdout;
  const order = [
    'Waiting for worker(s) to connect. We need at least one worker to continue',
    'Got 1 worker(s)',
    'Commencing run...',
    'input: 4, output: 4',
    '| Summary',
  ];
  const places = order.map((text) => said.indexOf(text));
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
  assert.ok(!places.includes(-1), said);
  assert.equal(lines(finished, /^n:\w +t:vorbis +s:SUCCESS \d\/4$/).length, 4);
  assert.match(said, /Files we managed to convert successfully: 4\n/);
  assert.match(
    said,
    /For mode: vorbis\nTotal execution time: [\d.]+ seconds\nPer file conversion:/,
  );
  assert.deepEqual(madeIn(library), [
    'vorbis/A/a.ogg',
    'vorbis/A/b.ogg',
    'vorbis/B/c.ogg',
    'vorbis/B/d.ogg',
  ]);
  assert.deepEqual(logOf(library), [
    'a.ogg,vorbis,SUCCESS,0',
    'b.ogg,vorbis,SUCCESS,0',
    'c.ogg,vorbis,SUCCESS,0',
    'd.ogg,vorbis,SUCCESS,0',
  ]);
});

test('a rerun does what is new, -f does all, -m without work waits for nobody', async (context) => {
  const library = libraryOf(context, 'a.flac');
  assertExit(await library.run([...VORBIS, '-t1']), 0);
  const before = library.outputs();
  library.track('b.flac');
  const again = await library.run([...VORBIS, '-t1']);
  assertExit(again, 0);
  assert.deepEqual(lines(again, /^n:/), [
    `n:${'b'.padEnd(36)} t:${'vorbis'.padEnd(12)} s:SUCCESS 1/1`,
  ]);
  assert.deepEqual(logOf(library), [
    'a.ogg,vorbis,"Outfile exists, skipping",0',
    'b.ogg,vorbis,SUCCESS,0',
  ]);
  assert.equal(library.outputs()['vorbis/a.ogg'], before['vorbis/a.ogg']);
  assertExit(await library.run(['verify', '--deep', '-f', 'out']), 0);
  const told = await library.run(['explain', 'vorbis/b.ogg'], { cwd: library.path('out') });
  assertExit(told, 0);
  assert.match(told.stdout, /plan +nothing to do[^]*oggenc.*"quality":9/);
  const idle = await library.run([...VORBIS, '-m', '--bind', 'tcp://127.0.0.1:*']);
  assertExit(idle, 0);
  assert.match(idle.stdout, /Files that exist already, skipped: 2\n/);
  const forced = await library.run([...VORBIS, '-f', '-t2']);
  assertExit(forced, 0);
  assert.equal(lines(forced, /^n:/).length, 2);
});

test('several modes, test and copy among them, other files too', async (context) => {
  const library = libraryOf(context, 'A/a.flac');
  library.plant('in/A/cover.jpg', 'picture');
  assertExit(await library.run(['mp3,copy,test', '-c', '-o', 'out', 'in', '-t2']), 0);
  assert.deepEqual(madeIn(library), [
    'copy/A/a.flac',
    'copy/A/cover.jpg',
    'mp3/A/a.mp3',
    'mp3/A/cover.jpg',
    'test/A/a.ana',
    'test/A/cover.jpg',
  ]);
  assert.deepEqual(
    logOf(library).filter((row) => !row.startsWith('cover')),
    ['a.mp3,mp3,SUCCESS,0', 'a.flac,copy,SUCCESS,0', 'a.ana,flactest,SUCCESS,0'],
  );
  assertExit(await library.run(['mp3,vorbis', '-n', 'd', '-o', 'flat', 'in', '-t2']), 0);
  assert.deepEqual(madeIn(library, 'flat'), ['a.mp3', 'a.ogg']);
  assertExit(await library.run(['mp3,vorbis', '-n', 'm', '-o', 'mixed', 'in', '-t2']), 0);
  assert.deepEqual(madeIn(library, 'mixed'), ['A/a.mp3', 'A/a.ogg']);
});

test('outputs that another program made are taken over where they are whole', async (context) => {
  const library = libraryOf(context, 'a.flac', 'b.flac', 'c.flac');
  assertExit(await library.run(['vorbis', '-o', 'former', 'in', '-t2']), 0);
  const [whole, other] = ['a', 'b'].map((name) =>
    readFileSync(library.path(`former/vorbis/${name}.ogg`)),
  );
  library.plant('out/vorbis/a.ogg', whole ?? '');
  library.plant('out/vorbis/b.ogg', other?.subarray(0, 1000) ?? '');
  const first = await library.run([...VORBIS, '-t1']);
  assertExit(first, 3);
  assert.match(
    first.stderr,
    /left: out\/vorbis\/b\.ogg: it exists and stays: .*; -f makes it again/,
  );
  assert.deepEqual(
    logOf(library).map((row) => row.replace(/stays: .*;/, 'stays;')),
    [
      'a.ogg,vorbis,"Outfile exists, skipping",0',
      'b.ogg,vorbis,ERROR: it exists and stays; -f makes it again,-1',
      'c.ogg,vorbis,SUCCESS,0',
    ],
  );
  assert.deepEqual(readFileSync(library.path('out/vorbis/a.ogg')), whole);
  assertExit(await library.run([...VORBIS, '-f', '-t2']), 0);
});

test('what cannot be converted is told, and is tried again by the next run', async (context) => {
  const library = libraryOf(context, 'a.flac', 'b.flac');
  const path = library.path('in/b.flac');
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.subarray(0, bytes.length - 200));
  const failed = await library.run([...VORBIS, '-t1']);
  assertExit(failed, 3);
  assert.match(failed.stdout, /Conversion error rate: 50\.00 %/);
  assert.match(failed.stderr, /failed: in\/b\.flac/);
  assert.match(logOf(library)[1] ?? '', /^b\.ogg,vorbis,ERROR: .*,-1$/);
  const again = await library.run([...VORBIS, '-t1']);
  assertExit(again, 3);
  assert.equal(lines(again, /^n:b +t:vorbis +s:ERROR 1\/1$/).length, 1);
});

test('a wrong command line is told with its place, and nothing is made', async (context) => {
  const library = libraryOf(context, 'a.flac');
  const wrong = await library.run(['vorbis', '--vorbis-options=qualty=9', '-o', 'out', 'in']);
  assertExit(wrong, 64);
  assert.match(
    wrong.stderr,
    /1 \| flac2all vorbis --vorbis-options=qualty=9 -o out in\n +\| +\^{8}\nhint: did you mean "quality"\?/,
  );
  const word = await library.run(['vorbs', '-o', 'out', 'in']);
  assertExit(word, 64);
  assert.match(word.stderr, /there is no command "vorbs".*\nhint: did you mean "vorbis"\?/);
  assert.deepEqual(madeIn(library), []);
});
