import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const SOURCE = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'src');

/** Each folder may import itself and the folders before it. */
const LAYERS = [
  'lib',
  'codecs',
  'manifest',
  'sources',
  'ledger',
  'plan',
  'task',
  'cluster',
  'providers',
  'report',
  'monitor',
  'run',
  'index.ts',
  'cli',
];

/** Each npm package has one door: the only files that may import it, as prefixes below src. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  ajv: ['lib/schema-validator.ts'],
  yaml: ['manifest/parse.ts'],
  'fast-glob': ['sources/scan'],
  picomatch: ['lib/glob.ts'],
  execa: ['task/', 'providers/'],
  zeromq: ['cluster/master', 'cluster/agent', 'cluster/door', 'cluster/cluster-key'],
  listr2: ['report/tree'],
  'string-width': ['report/text.ts'],
};

interface Import {
  readonly from: string;
  readonly to: string;
}

function sourceFiles(): readonly string[] {
  return readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(SOURCE, file), 'utf8');
  const lines = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s+'([^']+)'|import\('([^']+)'\)/g,
  );
  return [...lines].map(([, fixed, dynamic]) => ({ from: file, to: fixed ?? dynamic ?? '' }));
}

const all = sourceFiles().flatMap(importsOf);

test('imports go only to layers further down, types too', () => {
  const inner = all.filter(({ to }) => to.startsWith('.'));
  assert.ok(inner.length > 200, `the test sees the imports (${inner.length})`);
  const rank = (file: string): number => LAYERS.indexOf(file.split('/')[0] ?? '');
  const wrong = inner
    .map(({ from, to }) => ({ from, to: posix.normalize(posix.join(posix.dirname(from), to)) }))
    .filter(({ from, to }) => rank(from) < 0 || rank(to) < 0 || rank(to) > rank(from));
  assert.deepEqual(wrong, []);
});

test('each npm package is imported through its one door', () => {
  const outer = all.filter(({ to }) => !to.startsWith('.') && !to.startsWith('node:'));
  assert.ok(
    outer.length >= Object.keys(DOORS).length,
    `the test sees the packages (${outer.length})`,
  );
  const wrong = outer.filter(({ from, to }) => {
    const doors = DOORS[to.startsWith('@') ? to : (to.split('/')[0] ?? '')];
    return doors === undefined || !doors.some((door) => from.startsWith(door));
  });
  assert.deepEqual(wrong, []);
});
