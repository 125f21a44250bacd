import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { AbsolutePath } from '#src/lib/brand.js';
import { statKey } from '#src/lib/stat-key.js';
import { judgeStorage } from '#src/cluster/judge-storage.js';
import type { RootQuestion } from '#src/cluster/message.gen.js';
import { lookAtStorage } from '#src/cluster/storage-look.js';
import type { PlacedRules } from '#src/cluster/task-guard.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { unprivileged } from '../support/unprivileged.js';

const nonce = 'a'.repeat(32);
const rules: PlacedRules = { maps: [], roots: undefined, rawArgs: false };

interface Shop {
  readonly folder: AbsolutePath;
  readonly source: RootQuestion;
  readonly output: RootQuestion;
}

async function shop(t: TestContext): Promise<Shop> {
  const folder = temporaryFolder(t);
  const [music, out] = [join(folder, 'music'), join(folder, 'out')];
  for (const each of [music, out]) mkdirSync(each);
  chmodSync(folder, 0o755);
  const [song, note] = [join(music, 'a.flac'), join(out, '.n.f2a-part')];
  writeFileSync(song, 'fLaC');
  writeFileSync(note, nonce);
  return {
    folder,
    source: {
      name: 'music',
      path: music,
      use: 'source',
      witness: { path: song, stat: statKey(await stat(song, { bigint: true })) },
    },
    output: {
      name: 'out',
      path: out,
      use: 'output',
      witness: { path: note, nonce, scratch: '.s.f2a-part' },
    },
  };
}

async function problems(
  questions: readonly RootQuestion[],
  more: Partial<PlacedRules> = {},
): Promise<readonly string[]> {
  const answers = await lookAtStorage(questions, { ...rules, ...more });
  return answers.flatMap(({ problem }) => problem ?? []);
}

describe('an agent sees', () => {
  test('the same files, and leaves nothing behind', async (t) => {
    const { source, output } = await shop(t);
    const answers = await lookAtStorage([source, output], rules);
    assert.deepEqual(answers[0], { path: source.path, use: 'source', caseSensitive: true });
    assert.ok((answers[1]?.freeBytes ?? 0) > 0);
    assert.deepEqual(readdirSync(output.path), ['.n.f2a-part']);
  });

  test('what is mounted elsewhere, by a map', async (t) => {
    const { folder, source, output } = await shop(t);
    renameSync(join(folder, 'music'), join(folder, 'nas'));
    const [lost] = await problems([source, output]);
    assert.match(lost ?? '', /music cannot be seen here: ENOENT.*; mount it, or .*--map .*music=/);
    const maps = [{ from: source.path as AbsolutePath, to: join(folder, 'nas') as AbsolutePath }];
    assert.deepEqual(await problems([source, output], { maps }), []);
  });

  test('another folder at the same path', async (t) => {
    const { source, output } = await shop(t);
    utimesSync(source.witness?.path ?? '', 1, 1);
    writeFileSync(output.witness?.path ?? '', 'b'.repeat(32));
    const [music, out] = await problems([source, output]);
    assert.match(music ?? '', /is another folder here: .*a\.flac is another file/);
    assert.match(out ?? '', /is not what the master wrote/);
  });

  test('a folder without what the master wrote, and files with other inodes', async (t) => {
    const { source, output } = await shop(t);
    const song = source.witness?.path ?? '';
    const { mtime } = await stat(song);
    writeFileSync(`${song}.new`, 'fLaC');
    utimesSync(`${song}.new`, mtime, mtime);
    renameSync(`${song}.new`, song);
    const same = statKey(await stat(song, { bigint: true })).split(':');
    const stats = [...same.slice(0, 2), '7', '7'].join(':');
    const other = { ...source, witness: { path: song, stat: stats } };
    const lost = { ...output, witness: { path: `${output.path}/.m.f2a-part`, nonce } };
    const [inodes, missing] = await problems([other, lost]);
    assert.match(inodes ?? '', /other inode numbers.*NFS/);
    assert.match(missing ?? '', /without what the master wrote into it: ENOENT/);
  });

  test('what it may only read', async (t) => {
    const { output } = await shop(t);
    chmodSync(output.path, 0o555);
    const [said] = await unprivileged(() => problems([output]));
    assert.match(said ?? '', /cannot be written here: EACCES/);
    chmodSync(output.path, 0o755);
    const roots = [{ path: output.path as AbsolutePath, writable: false }];
    assert.match((await problems([output], { roots }))[0] ?? '', /may not write .*--root/);
  });

  test('no file of a stranger is overwritten or removed in the look', async (t) => {
    const { output } = await shop(t);
    writeFileSync(join(output.path, '.s.f2a-part'), 'mine');
    assert.match((await problems([output]))[0] ?? '', /EEXIST/);
    assert.ok(readdirSync(output.path).includes('.s.f2a-part'));
    const outside = { ...output, witness: { path: '/etc/hostname', nonce } };
    assert.match((await problems([outside]))[0] ?? '', /is not in/);
  });
});

describe('the master makes of the answers', () => {
  const ask: RootQuestion = { name: 'out', path: '/out', use: 'output', caseSensitive: true };
  const at = { sentMs: 10_000, nowMs: 11_000 };
  const judge = (answer: object, clockMs = 10_500): ReturnType<typeof judgeStorage> =>
    judgeStorage(
      [ask],
      { id: '', clockMs, roots: [{ path: '/out', use: 'output', ...answer }] },
      at,
    );

  test('what is lacking, and what is odd', () => {
    assert.deepEqual(judge({}), { lacks: new Map(), notes: [] });
    assert.deepEqual([...judge({ problem: 'gone' }).lacks.values()], ['gone']);
    assert.match(judge({ freeBytes: 5 * 1024 ** 2 }).notes[0] ?? '', /only 5 MiB left in \/out/);
    assert.match(judge({ caseSensitive: false }).notes[0] ?? '', /letter case for one file/);
    assert.match(judge({}, 71_000).notes[0] ?? '', /60 s ahead/);
    assert.match(judge({}, -50_000).notes[0] ?? '', /60 s behind/);
  });

  test('no answer lacks everything', () => {
    const { lacks } = judgeStorage([ask], undefined, at);
    assert.match([...lacks.values()][0] ?? '', /does its mount hang/);
    const other = judgeStorage([ask], { id: '', clockMs: 10_500, roots: [] }, at);
    assert.equal(other.lacks.size, 1);
  });
});
