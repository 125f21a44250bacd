import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { test } from 'node:test';
import type { AbsolutePath } from '#src/lib/brand.js';
import { statKey } from '#src/lib/stat-key.js';
import type { SourceSet } from '#src/manifest/manifest.js';
import { scanSources } from '#src/sources/scan.js';
import type { Scan } from '#src/sources/source.js';
import { plant, temporaryFolder } from '../support/temporary-folder.js';
import { unprivileged } from '../support/unprivileged.js';

const everything = { include: ['**/*.flac'], exclude: [] };

function sourceSet(root: string, parts: Partial<SourceSet> = {}): SourceSet {
  return { name: 'music', root: root as AbsolutePath, ...everything, ...parts };
}

async function scan(set: SourceSet, copy: readonly string[] = []): Promise<Scan> {
  const result = await scanSources(set, { copy });
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

const rels = (files: Scan['files']): readonly string[] => files.map(({ rel }) => rel);

/** `code path-below-root` of each problem, `/` behind directories. */
const problems = (root: string, { problems: list }: Scan): readonly string[] =>
  list.map((one) => `${one.code} ${one.path.slice(root.length + 1)}${one.directory ? '/' : ''}`);

test('finds FLAC files in any spelling, with their stats, sorted by code unit', async (t) => {
  const root = temporaryFolder(t);
  for (const rel of ['b.flac', 'B/1.FLAC', 'a b/2.FlAc', '.band/3.flac', 'é.flac', 'x.flac.txt']) {
    plant(root, rel, rel);
  }
  mkdirSync(`${root}/folder.flac`);
  const { files, sidecars, problems: none } = await scan(sourceSet(root));
  assert.deepEqual(rels(files), ['.band/3.flac', 'B/1.FLAC', 'a b/2.FlAc', 'b.flac', 'é.flac']);
  for (const { rel, path, stat } of files) {
    assert.equal(path, `${root}/${rel}`);
    assert.equal(stat, statKey(statSync(path, { bigint: true })));
  }
  assert.deepEqual([sidecars, none], [[], []]);
});

test('takes names and roots as they are, whatever a shell or a pattern would make of them', async (t) => {
  const root = `${temporaryFolder(t)}/we[i]rd {root}*\n!(x)`;
  const hostile = [
    'a"b\'c.flac',
    'line\nbreak.flac',
    'folder\nwith\r\u2028breaks/\u2029x.flac',
    'glob[a-z]*{x,y}?.flac',
    'back\\slash.flac',
    '-rf.flac',
    'a:b.flac',
    ' space .flac',
    'real\uFFFDreplacement/\uFFFD.flac',
    '.flac',
    '$(x)`y`.flac',
    '.\\x.flac',
  ];
  for (const rel of hostile) plant(root, rel);
  const found = await scan(sourceSet(root));
  assert.deepEqual(rels(found.files), hostile.toSorted());
  assert.deepEqual(found.problems, []);
});

test('never takes what is no source: macOS forks, the ledger, unfinished outputs, exclusions', async (t) => {
  const root = temporaryFolder(t);
  const out = ['._a.flac', 'x/.flac2all/b.flac', '.c.flac.12.f2a-part', '_Incoming/d.flac'];
  for (const rel of [...out, 'e.flac']) plant(root, rel);
  const set = sourceSet(root, { include: ['**/*'], exclude: ['**/_incoming/**'] });
  assert.deepEqual(rels((await scan(set)).files), ['e.flac']);
});

test('finds nothing outside the root, whatever the patterns say', async (t) => {
  const root = temporaryFolder(t);
  plant(root, 'out/x.flac');
  plant(root, 'in/y.flac');
  symlinkSync('.', `${root}/out/here`);
  const include = ['../out/**', `${root}/out/*`, '{in,../out}/*.flac'];
  assert.deepEqual(rels((await scan(sourceSet(`${root}/in`, { include }))).files), []);
});

test('divides sources from sidecars', async (t) => {
  const root = temporaryFolder(t);
  for (const rel of ['a/x.flac', 'a/cover.jpg', 'a/log.txt', 'no/cover.jpg', 'no/raw.flac']) {
    plant(root, rel);
  }
  const set = sourceSet(root, { include: ['**/*.flac', '!**/raw.flac'], exclude: ['no/*.jpg'] });
  const { files, sidecars } = await scan(set, ['**/cover.jpg', '**/*.flac']);
  assert.deepEqual(rels(files), ['a/x.flac']);
  assert.deepEqual(rels(sidecars), ['a/cover.jpg', 'no/raw.flac']);
});

test('follows links to files and folders; two names of one file are two sources', async (t) => {
  const root = temporaryFolder(t);
  const elsewhere = temporaryFolder(t);
  plant(elsewhere, 'album/1.flac', 'one');
  plant(root, 'a.flac', 'a');
  symlinkSync(`${elsewhere}/album`, `${root}/linked`);
  symlinkSync('a.flac', `${root}/b.flac`);
  const { files, problems: none } = await scan(sourceSet(root));
  assert.deepEqual(rels(files), ['a.flac', 'b.flac', 'linked/1.flac']);
  assert.equal(files[1]?.stat, files[0]?.stat);
  assert.deepEqual(none, []);
});

test('takes no outputs for sources that a link leads to, directly or from above', async (t) => {
  const root = temporaryFolder(t);
  const elsewhere = temporaryFolder(t);
  plant(root, 'a.flac');
  plant(elsewhere, 'out/phone/b.flac');
  plant(elsewhere, 'outlet/c.flac');
  symlinkSync(`${elsewhere}/out/phone`, `${root}/below`);
  symlinkSync(elsewhere, `${root}/above`);
  symlinkSync(`${elsewhere}/outlet`, `${root}/beside`);
  symlinkSync(`${elsewhere}/out`, `${elsewhere}/link`);
  const scanned = await scanSources(sourceSet(root), {
    copy: [],
    outputs: [`${elsewhere}/link`, `${elsewhere}/none`] as AbsolutePath[],
  });
  assert.ok(scanned.ok);
  assert.deepEqual(rels(scanned.value.files), ['a.flac', 'above/outlet/c.flac', 'beside/c.flac']);
  assert.deepEqual(problems(root, scanned.value), [
    'SOURCE_LINK_LOOP above/link/',
    'SOURCE_LINK_LOOP above/out/',
    'SOURCE_LINK_LOOP below/',
  ]);
  const silent = sourceSet(root, { exclude: ['below/**', 'above/{link,out}/**'] });
  const again = await scanSources(silent, {
    copy: [],
    outputs: [`${elsewhere}/out`] as AbsolutePath[],
  });
  assert.ok(again.ok);
  assert.deepEqual(again.value.problems, []);
});

test('refuses links that lead back up, also by way of others, and walks on', async (t) => {
  const root = temporaryFolder(t);
  plant(root, 'a/1.flac');
  plant(root, 'b/2.flac');
  symlinkSync('..', `${root}/a/up`);
  symlinkSync('../b', `${root}/a/to-b`);
  symlinkSync('../a', `${root}/b/to-a`);
  symlinkSync('/', `${root}/b/top`);
  symlinkSync('self.flac', `${root}/self.flac`);
  const found = await scan(sourceSet(root));
  assert.deepEqual(rels(found.files), ['a/1.flac', 'a/to-b/2.flac', 'b/2.flac', 'b/to-a/1.flac']);
  assert.deepEqual(problems(root, found), [
    'SOURCE_LINK_LOOP a/to-b/to-a/',
    'SOURCE_LINK_LOOP a/to-b/top/',
    'SOURCE_LINK_LOOP a/up/',
    'SOURCE_LINK_LOOP b/to-a/to-b/',
    'SOURCE_LINK_LOOP b/to-a/up/',
    'SOURCE_LINK_LOOP b/top/',
    'SOURCE_LINK_LOOP self.flac',
  ]);
});

test('tells of broken links; one that may have led to a folder leaves what was below unknown', async (t) => {
  const root = temporaryFolder(t);
  symlinkSync('nowhere', `${root}/a.flac`);
  symlinkSync('/nowhere/disk2', `${root}/Jazz`);
  symlinkSync('nowhere', `${root}/ignored.flac`);
  const found = await scan(sourceSet(root, { exclude: ['ignored*'] }));
  assert.deepEqual(found.files, []);
  assert.deepEqual(problems(root, found), [
    'SOURCE_LINK_BROKEN Jazz/',
    'SOURCE_LINK_BROKEN a.flac',
  ]);
});

test('tells of names that are not UTF-8, as bytes, where they matter', async (t) => {
  const root = temporaryFolder(t);
  const raw = (name: string): Buffer => Buffer.from(`${root}/${name}`, 'latin1');
  mkdirSync(raw('bad\xff folder'));
  writeFileSync(raw('bad\xff folder/1.flac'), '');
  writeFileSync(raw('Bj\xf6rk \xc3\xa4.flac'), '');
  writeFileSync(raw('Bj\xf6rk.txt'), '');
  writeFileSync(raw('skip\xff.flac'), '');
  plant(root, 'Bj\uFFFDrk ä.flac');
  plant(root, 'good.flac');
  const found = await scan(sourceSet(root, { exclude: ['skip*'] }));
  assert.deepEqual(rels(found.files), ['Bj\uFFFDrk ä.flac', 'good.flac']);
  assert.deepEqual(problems(root, found), [
    'SOURCE_NAME_NOT_UTF8 Bj\\xf6rk ä.flac',
    'SOURCE_NAME_NOT_UTF8 bad\\xff folder/',
  ]);
});

test('tells of pipes, sockets and devices instead of opening them', async (t) => {
  const root = temporaryFolder(t);
  execFileSync('mkfifo', [`${root}/pipe.flac`]);
  const server = createServer();
  await new Promise<void>((listening) => server.listen(`${root}/socket.flac`, listening));
  t.after(() => server.close());
  symlinkSync('/dev/null', `${root}/zero.flac`);
  const found = await scan(sourceSet(root));
  assert.deepEqual(found.files, []);
  assert.deepEqual(
    found.problems.map(({ text }) => text),
    ['a named pipe', 'a socket', 'a device'].map(
      (kind) => `${kind}, not a regular file; remove it, or add it to exclude`,
    ),
  );
});

test('goes on when a folder cannot be read', async (t) => {
  const root = temporaryFolder(t);
  plant(root, 'closed/1.flac');
  plant(root, 'open/2.flac');
  chmodSync(root, 0o755);
  chmodSync(`${root}/closed`, 0);
  const found = await unprivileged(() => scan(sourceSet(root)));
  chmodSync(`${root}/closed`, 0o755);
  assert.deepEqual(rels(found.files), ['open/2.flac']);
  assert.deepEqual(problems(root, found), ['SOURCE_UNREADABLE closed/']);
  assert.equal(
    found.problems[0]?.text,
    'EACCES: permission denied; make it readable, or add it to exclude',
  );
});

test('the way out that a problem names silences it', async (t) => {
  const root = temporaryFolder(t);
  symlinkSync('..', `${root}/up`);
  symlinkSync('self.flac', `${root}/self.flac`);
  symlinkSync('nowhere', `${root}/broken.flac`);
  execFileSync('mkfifo', [`${root}/pipe.flac`]);
  writeFileSync(Buffer.from(`${root}/Bj\xf6rk\xe4.flac`, 'latin1'), '');
  const { problems: told } = await scan(sourceSet(root));
  assert.equal(told.length, 5);
  for (const { text } of told) assert.match(text, /, or add it to exclude/);
  const names = told.map(({ path }) => path.slice(root.length + 1));
  const exclude = names.map((name) => name.replaceAll(/\\x[0-9a-f]{2}/g, '*'));
  assert.deepEqual((await scan(sourceSet(root, { exclude }))).problems, []);
});

/** The code of the failure; each names the root and a way out. */
async function failureOf(set: SourceSet): Promise<string> {
  const result = await scanSources(set, { copy: [] });
  assert.ok(!result.ok);
  assert.ok(result.error.message.includes(set.root), result.error.message);
  assert.ok(result.error.hint);
  return result.error.code;
}

test('stops when the root cannot be trusted', async (t) => {
  const root = temporaryFolder(t);
  const file = plant(root, 'file');
  assert.equal(await failureOf(sourceSet(`${root}/none`)), 'SOURCE_ROOT_MISSING');
  assert.equal(await failureOf(sourceSet(`${file}/below`)), 'SOURCE_ROOT_MISSING');
  assert.equal(await failureOf(sourceSet(file)), 'SOURCE_ROOT_NOT_DIRECTORY');
  const guarded = sourceSet(root, { sentinel: '.music-root' });
  assert.equal(await failureOf(guarded), 'SOURCE_SENTINEL_MISSING');
  plant(root, '.music-root');
  assert.deepEqual((await scan(guarded)).files, []);
  symlinkSync('loop', `${root}/loop`);
  assert.equal(await failureOf(sourceSet(`${root}/loop`)), 'SOURCE_ROOT_UNREADABLE');
});

test('stops when the root cannot be listed', async (t) => {
  const root = temporaryFolder(t);
  chmodSync(root, 0o300);
  const code = await unprivileged(() => failureOf(sourceSet(root)));
  chmodSync(root, 0o755);
  assert.equal(code, 'SOURCE_ROOT_UNREADABLE');
});

test('leaves out what vanishes between the walk and the stats', async (t) => {
  const root = temporaryFolder(t);
  for (const rel of ['a.flac', 'b.flac', 'c/d.flac']) plant(root, rel);
  const onProgress = (done: number, total: number | undefined): void => {
    if (total === undefined || done > 0) return;
    rmSync(`${root}/a.flac`);
    renameSync(`${root}/c`, `${root}/e`);
  };
  const result = await scanSources(sourceSet(root), { copy: [], onProgress });
  assert.ok(result.ok);
  assert.deepEqual(rels(result.value.files), ['b.flac']);
  assert.deepEqual(result.value.problems, []);
});

test('reports progress up to the end', async (t) => {
  const root = temporaryFolder(t);
  for (let index = 0; index < 200; index += 1) plant(root, `${index}/x.flac`);
  const seen: (readonly [number, number | undefined])[] = [];
  await scanSources(sourceSet(root), {
    copy: [],
    onProgress: (done, total) => seen.push([done, total]),
  });
  assert.deepEqual(seen.at(-1), [200, 200]);
  assert.ok(seen.some(([, total]) => total === undefined));
});

test('rejects with the reason when it is aborted', async (t) => {
  const root = temporaryFolder(t);
  plant(root, 'a.flac');
  const reason = new Error('stop');
  const running = scanSources(sourceSet(root), { copy: [], signal: AbortSignal.abort(reason) });
  await assert.rejects(running, reason);
});
