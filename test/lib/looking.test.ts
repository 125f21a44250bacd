import assert from 'node:assert/strict';
import { mkdirSync, statSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { look } from '#src/lib/look.js';
import type { Links, Look } from '#src/lib/look.js';
import { lookHere, LookThreads } from '#src/lib/looking.js';
import type { LookAtAll } from '#src/lib/looking.js';
import { statKey } from '#src/lib/stat-key.js';
import { plant, temporaryFolder } from '../support/temporary-folder.js';

/** More than are looked at without threads, in some batches and a part of one. */
const MANY = 10_500;

async function looksOf(
  lookAtAll: LookAtAll,
  paths: readonly string[],
  links: Links,
): Promise<readonly (readonly [string, Look])[]> {
  const seen: (readonly [string, Look])[] = [];
  for await (const looked of lookAtAll(paths, links)) {
    for (const [index, path] of looked.paths.entries()) seen.push([path, looked.looks[index]]);
  }
  return seen;
}

test('tells files, other things, nothing, and what cannot be looked at', (t) => {
  const root = temporaryFolder(t);
  plant(root, 'file', 'x');
  mkdirSync(`${root}/folder`);
  symlinkSync('file', `${root}/link`);
  symlinkSync('loop', `${root}/loop`);
  const file = statKey(statSync(`${root}/file`, { bigint: true }));
  assert.equal(look(`${root}/file`, 'as-they-are'), file);
  assert.equal(look(`${root}/link`, 'followed'), file);
  assert.equal(look(`${root}/nothing`, 'as-they-are'), undefined);
  assert.equal(look(`${root}/file/below`, 'followed'), undefined);
  const oddity = (text: string, isUnreadable = false): Look => ({ text, isUnreadable });
  assert.deepEqual(look(`${root}/folder`, 'followed'), oddity('a folder'));
  assert.deepEqual(look(`${root}/link`, 'as-they-are'), oddity('a symbolic link'));
  const loop = look(`${root}/loop`, 'followed');
  assert.ok(typeof loop === 'object' && loop.isUnreadable && loop.text.startsWith('ELOOP'));
});

test('threads see what one look after the other sees, in the order of the paths', async (t) => {
  const root = temporaryFolder(t);
  for (const name of ['a', 'b', 'ü\n']) plant(root, name, name);
  mkdirSync(`${root}/folder`);
  symlinkSync('a', `${root}/link`);
  const names = ['a', 'nothing', 'folder', 'b', 'link', 'ü\n'];
  const paths = Array.from({ length: MANY }, (_, index) => `${root}/${names[index % 6] ?? ''}`);
  await using threads = new LookThreads();
  for (const links of ['followed', 'as-they-are'] as const) {
    const expected = paths.map((path) => [path, look(path, links)] as const);
    assert.deepEqual(await looksOf(threads.lookAtAll, paths, links), expected);
    assert.deepEqual(await looksOf(lookHere, paths, links), expected);
  }
});

test('several ask the same threads at once, and who has seen enough stops', async (t) => {
  const root = temporaryFolder(t);
  plant(root, 'a');
  const paths = Array.from({ length: MANY }, () => `${root}/a`);
  await using threads = new LookThreads();
  const first = async (): Promise<number> => {
    for await (const { paths: some } of threads.lookAtAll(paths, 'followed')) return some.length;
    return 0;
  };
  const [one, other] = await Promise.all([
    looksOf(threads.lookAtAll, paths, 'followed'),
    looksOf(threads.lookAtAll, paths, 'as-they-are'),
    first(),
  ]);
  assert.equal(one.length, MANY);
  assert.equal(other.length, MANY);
  assert.deepEqual(await looksOf(threads.lookAtAll, [], 'followed'), []);
});
