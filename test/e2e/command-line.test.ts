import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { actionsOf, Library, madeIn } from '../support/library.js';
import { assertExit, linesOf, PROGRAM } from '../support/rig.js';

const noTerminals: string | false =
  spawnSync('script', ['--version']).status === 0 ? false : 'no program "script" of util-linux';

test('--target plans and applies what matches, and nothing else', async (context) => {
  const library = two(context);
  assert.deepEqual(actionsOf(library, await library.plan('--target', '**/a.*')), {
    'out/a.opus': 'create',
  });
  const run = await library.apply('--target', '**/a.*');
  assertExit(run, 0);
  assert.deepEqual(madeIn(library, run), ['out/a.opus']);
  assert.deepEqual(actionsOf(library, await library.plan()), { 'out/b.opus': 'create' });
});

test('a saved plan is carried out once', async (context) => {
  const library = two(context);
  assertExit(await library.run(['plan', '--out', 'saved.plan', '--target', '**/a.*']), 0);
  const run = await library.run(['apply', '--json', 'saved.plan']);
  assertExit(run, 0);
  assert.deepEqual(madeIn(library, run), ['out/a.opus']);
  const before = library.outputs();
  const again = await library.run(['apply', '--json', 'saved.plan']);
  assertExit(again, 5);
  assert.equal(linesOf(again, 'failure')[0]?.code, 'PLAN_STALE');
  assert.deepEqual(library.outputs(), before);
});

for (const [what, change] of [
  ['manifest', (library: Library) => library.manifest({ outputs: [opus(64)] })],
  ['source', (library: Library) => library.track('a.flac', { seed: 99 })],
  ['list of sources', (library: Library) => library.track('c.flac')],
  ['output', (library: Library) => library.plant('out/a.opus', 'in the way')],
] as const) {
  test(`a saved plan is stale after a change of the ${what}`, async (context) => {
    const library = two(context);
    assertExit(await library.run(['plan', '--out', 'saved.plan']), 0);
    change(library);
    const before = library.outputs();
    const run = await library.run(['apply', '--json', 'saved.plan']);
    assertExit(run, 5);
    assert.deepEqual(linesOf(run, 'task-started'), []);
    assert.deepEqual(library.outputs(), before);
  });
}

test('apply without --yes and without a terminal changes nothing', async (context) => {
  const library = two(context);
  const before = library.everything();
  const run = await library.run(['apply']);
  assertExit(run, 64);
  assert.match(run.stderr, /--yes/);
  assert.deepEqual(library.everything(), before);
});

test('--results writes a record for each output', async (context) => {
  const library = two(context);
  library.plant('in/not.flac', 'no music');
  library.track('"quoted", and\nbroken.flac');
  const cut = readFileSync(library.track('cut.flac'));
  library.plant('in/cut.flac', cut.subarray(0, cut.length - 2000));
  assertExit(await library.run(['apply', '--yes', '--results', 'results.csv']), 3);
  const parsed = parseCsv(readFileSync(library.path('results.csv'), 'utf8'));
  const rows = parsed.map(
    ({ output, result }) => `${result} ${output?.slice(library.root.length)}`,
  );
  assert.deepEqual(rows.sort(), [
    'done /out/"quoted", and\nbroken.opus',
    'done /out/a.opus',
    'done /out/b.opus',
    'failed /out/cut.opus',
    'failed /out/not.opus',
  ]);
  const not = parsed.find(({ source }) => source === library.path('in/not.flac'));
  assert.equal(not?.['code'], 'NOT_FLAC');
  assert.match(not['text'] ?? '', /not FLAC: a text file$/);
  assert.ok(parsed.every(({ result, text }) => result !== 'failed' || text !== ''));
});

test('the cron line names each source that cannot be taken, and each problem, once', async (context) => {
  const library = two(context);
  library.plant('in/not.flac', 'no music');
  symlinkSync('..', library.path('in/loop'));
  for (const night of ['first', 'second']) {
    const run = await library.run(['apply', '-y', '-q']);
    assertExit(run, 3);
    assert.equal(run.stdout, '');
    assert.deepEqual(
      run.stderr.split('\n'),
      [
        'problem: in/loop: the link leads to a folder that it lies in itself; remove it, or add it to exclude',
        'failed: in/not.flac (opus): not FLAC: a text file [NOT_FLAC]',
        '',
      ],
      night,
    );
  }
});

test('status tells of problems in the sources', async (context) => {
  const library = two(context);
  symlinkSync('..', library.path('in/loop'));
  const { stdout } = await library.run(['status']);
  assert.match(stdout, /\n\nLeft alone: 1 problem in the sources, told above\.\n\n/);
  const [answer] = linesOf(await library.run(['status', '--json']), 'answer');
  assert.equal(answer?.data['problems'], 1);
});

test('--json: NDJSON alone on standard output, version first, exit last', async (context) => {
  const library = two(context);
  for (const args of [
    ['validate'],
    ['plan'],
    ['apply', '--yes'],
    ['status'],
    ['explain', 'in/a.flac'],
    ['verify', '--deep'],
    ['doctor'],
  ]) {
    const run = await library.run([...args, '--json']);
    assertExit(run, 0);
    assert.equal(run.stdout.trimEnd().split('\n').length, run.lines.length, args.join(' '));
    assert.equal(run.lines[0]?.type, 'version');
    assert.deepEqual(run.lines.at(-1), { type: 'exit', code: 0 });
    assert.equal(run.stderr, '');
  }
});

test('no reader, no fuss: a closed pipe ends the program quietly', async (context) => {
  const library = two(context);
  for (const args of [['plan'], ['plan', '--json'], ['--help']]) {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      cwd: library.root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    await once(child, 'close');
    assert.doesNotMatch(said, /EPIPE|at .*\.js:\d+|internal error/, args.join(' '));
    assert.equal(child.signalCode, null);
  }
});

const noFullDevice: string | false = existsSync('/dev/full') ? false : 'no /dev/full';

test(
  'a result that a full disk cuts short is an error',
  { skip: noFullDevice },
  async (context) => {
    const library = two(context);
    assertExit(await library.apply(), 0);
    for (const args of [['status'], ['ledger', 'export'], ['plan', '--json']]) {
      const full = openSync('/dev/full', 'w');
      const { status, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], {
        cwd: library.root,
        encoding: 'utf8',
        stdio: ['ignore', full, 'pipe'],
      });
      closeSync(full);
      assert.equal(status, 1, stderr);
      assert.match(stderr, /cannot write to standard output: ENOSPC/);
      assert.doesNotMatch(stderr, /Warning|at .*\.js:\d+/);
    }
  },
);

for (const [args, said] of [
  [['-f', 'x.yaml', 'plan'], /-f stands where a command is expected[^]*options come after it/],
  [['help', 'pln'], /no command "pln"[^]*did you mean "plan"/],
  [['plan', 'x.yaml'], /unexpected argument "x\.yaml"[^]*--file x\.yaml/],
  [['apply', '--yes', '--skip-stale-rows'], /the rows of a saved plan, and none is named/],
  [['worker', '--connect', 'nowhere'], /--connect must be tcp:\/\/HOST:PORT, but is "nowhere"/],
] as const) {
  test(`a wrong command line: ${args.join(' ')}`, async (context) => {
    const run = await two(context).run([...args]);
    assertExit(run, 64);
    assert.match(run.stderr, said);
  });
}

test(
  'on a terminal apply shows the plan, asks, and takes no for an answer',
  {
    skip: noTerminals,
  },
  async (context) => {
    const library = two(context);
    const refused = await onTerminal(library, ['apply'], { answer: 'n' });
    assert.match(refused.screen, /Apply this plan\?/);
    assert.equal(refused.code, 1);
    assert.deepEqual(library.outputs(), {});
    const agreed = await onTerminal(library, ['apply'], { answer: 'y' });
    assert.equal(agreed.code, 0, agreed.screen);
    assert.deepEqual(Object.keys(library.outputs()), ['a.opus', 'b.opus']);
  },
);

test(
  'colours come on a terminal only, and not with NO_COLOR',
  {
    skip: noTerminals,
  },
  async (context) => {
    const library = two(context);
    // oxlint-disable-next-line no-control-regex
    const colour = /\u001b\[[0-9;]*m/;
    assert.match((await onTerminal(library, ['plan'])).screen, colour);
    assert.doesNotMatch(
      (await onTerminal(library, ['plan'], { env: { NO_COLOR: '1' } })).screen,
      colour,
    );
    assert.doesNotMatch((await onTerminal(library, ['plan', '--no-color'])).screen, colour);
    assert.doesNotMatch((await library.run(['plan'])).stdout, colour);
  },
);

function two(context: TestContext): Library {
  const library = new Library(context);
  library.track('a.flac');
  library.track('b.flac');
  library.manifest({ outputs: [opus(48)] });
  return library;
}

function opus(bitrate: number): Parameters<Library['manifest']>[0]['outputs'][0] {
  return { codec: 'opus', options: { bitrate }, to: './out' };
}

interface Typed {
  readonly answer?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the program on a pseudo-terminal; types an answer when it is asked. */
async function onTerminal(
  library: Library,
  args: readonly string[],
  { answer = '', env = {} }: Typed = {},
): Promise<{ readonly code: number | null; readonly screen: string }> {
  const command = [process.execPath, PROGRAM, ...args].map((word) => `'${word}'`).join(' ');
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    cwd: library.root,
    env: { ...inherited, TERM: 'xterm-256color', ...env },
  });
  let screen = '';
  let asked = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    if (asked || !screen.includes('[y/N]')) return;
    asked = true;
    child.stdin.write(`${answer}\n`);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, screen };
}

/** RFC 4180. */
function parseCsv(text: string): readonly Readonly<Record<string, string>>[] {
  const records = [...text.matchAll(/((?:"(?:[^"]|"")*"|[^",\r\n]*)(?:,|\r\n))/g)].map(
    ([field]) => field,
  );
  const rows: string[][] = [[]];
  for (const field of records) {
    const value = field.replace(/(?:,|\r\n)$/, '');
    rows.at(-1)?.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (field.endsWith('\n')) rows.push([]);
  }
  const [header = [], ...body] = rows.filter((row) => row.length > 0);
  return body.map((row) => Object.fromEntries(header.map((name, at) => [name, row[at] ?? ''])));
}
