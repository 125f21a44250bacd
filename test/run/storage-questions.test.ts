import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Ledger } from '#src/ledger/ledger.js';
import type { AbsolutePath } from '#src/lib/brand.js';
import { nodeDisk } from '#src/lib/node-disk.js';
import { storageQuestions, usedRoots } from '#src/run/storage-questions.js';
import type { RunRoot } from '#src/cluster/contract.js';
import { lookAtStorage } from '#src/cluster/storage-look.js';
import { fakeTask } from '../cluster/rig.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Notes what it is told. */
function ledgerOf(records: string[]): Ledger {
  const note =
    (what: string) =>
    (path: AbsolutePath): Promise<void> => {
      records.push(`${what} ${path.slice(path.lastIndexOf('/') + 1, path.lastIndexOf('/') + 16)}`);
      return Promise.resolve();
    };
  return { view: { lineage: 'l' }, leased: note('leased'), released: note('released') } as never;
}

test('only folders that tasks are about are asked about, each once', () => {
  const root = (name: string, path: string, use: RunRoot['use']): RunRoot => ({
    name,
    path: path as AbsolutePath,
    use,
  });
  const roots = [
    root('music', '/music', 'source'),
    root('again', '/music', 'source'),
    root('other', '/other', 'source'),
    root('phone', '/music', 'output'),
    root('car', '/car', 'output'),
  ];
  const used = usedRoots({ roots, tasks: [fakeTask(1)] });
  assert.deepEqual(
    used.map(({ name }) => name),
    ['music', 'phone'],
  );
});

test('questions are right for whoever sees the files, and leave nothing', async (t) => {
  const folder = temporaryFolder(t);
  const at = (name: string): AbsolutePath => join(folder, name) as AbsolutePath;
  for (const name of ['in', 'out']) mkdirSync(at(name));
  writeFileSync(at('in/a.flac'), 'fLaC');
  const task = { ...fakeTask(1), output: at('out/a.opus') };
  const gone = { ...task, source: { ...task.source, path: at('in/gone.flac') } };
  const there = { ...task, source: { ...task.source, path: at('in/a.flac') } };
  const roots: readonly RunRoot[] = [
    { name: 'lossless', path: at('in'), use: 'source' },
    { name: 'phone', path: at('out'), use: 'output' },
  ];
  const records: string[] = [];
  const context = { roots, tasks: [gone, there], ledger: ledgerOf(records), disk: nodeDisk };
  const ask = storageQuestions(context);
  const [one, two] = await Promise.all([ask(), ask()]);
  assert.deepEqual(
    records,
    Array.from({ length: 4 }, () => 'leased flac2all-probe-'),
  );
  const [source, output] = one.questions;
  assert.equal(source?.witness?.path, at('in/a.flac'));
  const file = output?.witness?.path ?? '';
  assert.equal(readFileSync(file, 'utf8'), output?.witness?.nonce);
  const rules = { maps: [], roots: undefined, rawArgs: false };
  for (const { questions } of [one, two]) {
    const answers = await lookAtStorage(questions, rules);
    assert.ok(
      answers.every(({ problem }) => problem === undefined),
      JSON.stringify(answers),
    );
  }
  await one.end();
  assert.equal(readdirSync(at('out')).length, 1, 'the other question still stands');
  await two.end();
  assert.deepEqual(readdirSync(at('out')), []);
  assert.equal(records.filter((record) => record.startsWith('released')).length, 2);
});

test('a folder that the master cannot write to is not asked about', async (t) => {
  const folder = temporaryFolder(t);
  const out = join(folder, 'out') as AbsolutePath;
  const task = { ...fakeTask(1), output: `${out}/a.opus` as AbsolutePath };
  rmSync(out, { force: true });
  const records: string[] = [];
  const roots: readonly RunRoot[] = [{ name: 'phone', path: out, use: 'output' }];
  const ask = storageQuestions({ roots, tasks: [task], ledger: ledgerOf(records), disk: nodeDisk });
  const { questions, end } = await ask();
  await end();
  assert.deepEqual(questions, []);
  assert.equal(records.at(-1), 'released flac2all-probe-');
});
