import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { asksFor, parseArguments, selectCommand } from '#src/cli/args.js';
import { defineCommand } from '#src/cli/command.js';
import type { Command } from '#src/cli/command.js';
import { EXIT } from '#src/cli/exit-code.js';

const shape = {
  name: 'apply',
  options: {
    manifest: {
      type: 'string',
      short: 'f',
      placeholder: 'FILE',
      description: '',
      default: 'flac2all.yaml',
    },
    jobs: { type: 'integer', short: 'j', placeholder: 'N', description: '', min: 0, max: 512 },
    only: { type: 'string', placeholder: 'SET', description: '', repeatable: true },
    format: {
      type: 'string',
      placeholder: 'FORMAT',
      description: '',
      choices: ['json', 'text'],
      default: 'text',
    },
    delta: { type: 'integer', placeholder: 'N', description: '', default: 1 },
    verbose: { type: 'boolean', short: 'v', description: '' },
    quiet: { type: 'boolean', short: 'q', description: '' },
  },
  positionals: { name: 'PATH', description: '', min: 0, max: 2 },
} as const;

function parsed(...argv: readonly string[]) {
  const result = parseArguments(argv, shape);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

function refused(...argv: readonly string[]): string {
  const result = parseArguments(argv, shape);
  assert.ok(!result.ok);
  assert.equal(result.error.code, 'USAGE');
  return `${result.error.message}; ${result.error.hint}`;
}

test('fills in defaults', () => {
  assert.deepEqual(parsed(), {
    values: {
      manifest: 'flac2all.yaml',
      jobs: undefined,
      only: [],
      format: 'text',
      delta: 1,
      verbose: false,
      quiet: false,
    },
    positionals: [],
  });
});

test('takes every way of writing an option', () => {
  for (const argv of [
    ['-j4'],
    ['-j', '4'],
    ['--jobs=4'],
    ['--jobs', '4'],
    ['--jobs=9', '-j4'],
    ['-vj4'],
  ]) {
    assert.equal(parsed(...argv).values.jobs, 4);
  }
  assert.equal(parsed('-f', '-').values.manifest, '-');
  assert.equal(parsed('--manifest=').values.manifest, '');
  assert.equal(parsed('--manifest=a=b').values.manifest, 'a=b');
  const { verbose, quiet } = parsed('-vq').values;
  assert.deepEqual([verbose, quiet], [true, true]);
  assert.deepEqual(parsed('--only', 'a', '--only=b').values.only, ['a', 'b']);
  assert.equal(parsed('--delta=-3').values.delta, -3);
});

test('nothing is an option after --', () => {
  assert.deepEqual(parsed('x', '-v', '--', '--quiet').positionals, ['x', '--quiet']);
  assert.equal(parsed('--', '-v').values.verbose, false);
});

test('refuses what it does not know, with the nearest name', () => {
  assert.equal(refused('--job=4'), 'apply has no option --job; did you mean "--jobs"?');
  assert.equal(
    refused('--zzzzzzzz'),
    'apply has no option --zzzzzzzz; flac2all apply --help tells more',
  );
  assert.equal(refused('-vx'), 'apply has no option -x; flac2all apply --help tells more');
  assert.equal(
    refused('--constructor'),
    'apply has no option --constructor; flac2all apply --help tells more',
  );
  assert.equal(
    refused('--__proto__=1'),
    'apply has no option --__proto__; flac2all apply --help tells more',
  );
  assert.equal(refused('--format=jsno'), '--format does not take "jsno"; did you mean "json"?');
  assert.equal(refused('--format=xyzzy'), '--format does not take "xyzzy"; choose from json, text');
});

test('refuses a missing value, and one where none belongs', () => {
  assert.match(refused('--manifest'), /^--manifest needs a value: FILE;/u);
  assert.match(refused('-j'), /^-j needs a value: N;/u);
  assert.equal(
    refused('--manifest', '--quiet'),
    '--manifest needs a value: FILE; for a value that begins with "-" write --manifest=--quiet',
  );
  assert.equal(
    refused('-f', '-v'),
    '-f needs a value: FILE; for a value that begins with "-" write -f-v',
  );
  assert.match(refused('--quiet=yes'), /^--quiet takes no value, but got "yes";/u);
});

test('refuses numbers that are none or out of range', () => {
  for (const text of ['4.5', '4x', '', ' 4', '1e3', '0x10', '513', '-1', '9'.repeat(20)]) {
    assert.match(
      refused(`--jobs=${text}`),
      /^--jobs must be a whole number from 0 up to 512, but is/u,
    );
  }
  assert.match(refused('--delta=x'), /^--delta must be a whole number, but is "x"/u);
});

test('counts the positionals', () => {
  assert.match(refused('a', 'b', 'c'), /^unexpected argument "c"/u);
  const one = { name: 'explain', options: {}, positionals: { ...shape.positionals, min: 1 } };
  const result = parseArguments([], one);
  assert.equal(result.ok ? '' : result.error.message, 'explain needs PATH');
  assert.equal(parseArguments(['a'], { name: 'doctor', options: {} }).ok, false);
  const many = { ...one, positionals: { ...one.positionals, max: Number.POSITIVE_INFINITY } };
  assert.equal(
    parseArguments(
      Array.from({ length: 99 }, () => 'x'),
      many,
    ).ok,
    true,
  );
});

test('whatever is typed, the answer is values or a failure', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('-', '--', '-j', '-j4', '--jobs', '-vq', '--only=a', '-f'),
  );
  fc.assert(
    fc.property(fc.array(word), (argv) => {
      const result = parseArguments(argv, shape);
      if (!result.ok) assert.equal(result.error.code, 'USAGE');
    }),
  );
});

test('values have the types of the table', async () => {
  const command = defineCommand({
    options: shape.options,
    usage: [],
    description: [],
    examples: [],
    run: ({ values }) => {
      const jobs: number | undefined = values.jobs;
      const delta: number = values.delta;
      const only: readonly string[] = values.only;
      const format: 'json' | 'text' = values.format;
      const verbose: boolean = values.verbose;
      // @ts-expect-error: there is no such option
      const missing: unknown = values.missing;
      assert.deepEqual(
        [jobs, delta, only, format, verbose, missing],
        [4, 1, [], 'text', false, undefined],
      );
      return Promise.resolve(EXIT.ok);
    },
  });
  const listed: Command = { name: shape.name, group: 'G', summary: '', ...command };
  assert.equal(listed.name, 'apply');
  const context = {
    stdout: process.stdout,
    stderr: process.stderr,
    env: {},
    cwd: '/',
    signal: new AbortController().signal,
  };
  const clock = { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() };
  assert.equal(await command.run(parsed('-j4'), { ...context, clock }), 0);
  const found = selectCommand('aply', [listed]);
  assert.equal(found.ok ? '' : found.error.hint, 'did you mean "apply"?');
  const unknown = selectCommand('xyzzy', [listed]);
  assert.deepEqual(unknown.ok ? '' : unknown.error.message, 'there is no command "xyzzy"');
  assert.equal(selectCommand('apply', [listed]).ok, true);
});

test('help is found wherever it stands before --', () => {
  assert.equal(asksFor(['x', '--bad', '-h'], 'help', 'h'), true);
  assert.equal(asksFor(['x', '--help'], 'help', 'h'), true);
  assert.equal(asksFor(['--', '--help'], 'help', 'h'), false);
  assert.equal(asksFor(['-', '--', 'x'], 'version'), false);
});
