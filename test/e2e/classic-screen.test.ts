import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Gate } from '../support/gate.js';
import { Library } from '../support/library.js';
import { endOf } from '../support/processes.js';
import { assertExit, PROGRAM, WORKER_PROGRAM } from '../support/rig.js';
import type { Run } from '../support/rig.js';

const noScript: string | false =
  spawnSync('script', ['--version']).status === 0 ? false : 'no program "script" of util-linux';
const VORBIS = ['vorbis', '-o', 'out', 'in'];
const CTRL_C = '\u0003';
const TAKEN = '\u001B[?1049h';
const GIVEN_BACK = '\u001B[?25h\u001B[?1049l';

/** The classic form on a pseudo-terminal of 80 columns and 24 rows. */
class Terminal {
  output = '';
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<readonly unknown[]>;

  constructor(
    { root }: Library,
    env: Readonly<Record<string, string>>,
    ...program: readonly string[]
  ) {
    const command = [process.execPath, ...program].map((word) => `'${word}'`).join(' ');
    const { NO_COLOR: _, FORCE_COLOR: __, NODE_TEST_CONTEXT: ___, ...inherited } = process.env;
    const sized = `stty rows 24 cols 80; tty; exec ${command}`;
    this.#child = spawn('script', ['-qefc', sized, '/dev/null'], {
      cwd: root,
      env: { ...inherited, TERM: 'xterm-256color', ...env },
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.output += text;
    });
    this.#ended = once(this.#child, 'close');
  }

  /** When the output has such a text after `from`; rejects when the program ends before. */
  async shows(text: string, from = 0): Promise<void> {
    while (!this.output.includes(text, from)) {
      const more = once(this.#child.stdout, 'data').then(() => true);
      const goesOn = await Promise.race([more, this.#ended.then(() => false)]);
      if (!goesOn && !this.output.includes(text, from)) {
        assert.fail(`it never showed ${JSON.stringify(text)}:\n${this.output}`);
      }
    }
  }

  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  resize(rows: number, columns: number): void {
    const [device = ''] = /\/dev\/\S+/.exec(this.output) ?? [];
    const { status, stderr } = spawnSync('stty', [
      '-F',
      device,
      'rows',
      `${rows}`,
      'cols',
      `${columns}`,
    ]);
    assert.equal(status, 0, String(stderr));
  }

  /** Closes its window. */
  hangUp(): void {
    this.#child.kill('SIGKILL');
  }

  async exitCode(): Promise<unknown> {
    const [code] = await this.#ended;
    return code;
  }
}

/** The rows that a stretch of output draws, by number. */
function rowsDrawn(output: string): readonly number[] {
  return [...output.matchAll(/\p{Cc}\[(\d+);1H/gu)].map(([, row]) => Number(row));
}

test(
  'the full screen fits the terminal, follows its size, and gives it back after Ctrl-C',
  { skip: noScript, timeout: 120_000 },
  async (context) => {
    const gate = await Gate.before(context, 'oggenc');
    const library = new Library(context);
    library.track('a.flac');
    const terminal = new Terminal(library, gate.env, PROGRAM, ...VORBIS, '-C', '-t1');
    await terminal.shows(TAKEN);
    await terminal.shows('Commencing run...');
    assert.equal(Math.max(...rowsDrawn(terminal.output)), 24);
    const before = terminal.output.length;
    terminal.resize(12, 60);
    await terminal.shows('\u001B[2J', before);
    await terminal.shows('\u001B[12;1H', before);
    assert.equal(Math.max(...rowsDrawn(terminal.output.slice(before))), 12);
    terminal.type(CTRL_C);
    await terminal.shows('interrupt again', before);
    gate.open(100);
    assert.equal(await terminal.exitCode(), 130);
    const [, after = ''] = terminal.output.split(GIVEN_BACK);
    assert.match(
      after,
      /interrupt again[^]*Files we managed to convert successfully: 1[^]*Run the same command again/,
    );
    assert.deepEqual(rowsDrawn(after), []);
    assert.equal(Object.keys(library.outputs('out/vorbis')).length, 1);
  },
);

/** A master with these tracks, and a worker on a terminal whose decoder and encoder are behind the gate. */
async function workerOnTerminal(
  context: TestContext,
  ...tracks: readonly string[]
): Promise<{ gate: Gate; library: Library; master: Run; terminal: Terminal }> {
  const gate = await Gate.before(context, 'oggenc', 'flac');
  const library = new Library(context);
  for (const name of tracks) library.track(`${name}.flac`);
  const master = library.start([...VORBIS, '-m', '--bind', 'tcp://127.0.0.1:*']);
  const [, host = ''] = await master.said(/workers can join at tcp:\/\/(\S+)/);
  const terminal = new Terminal(library, gate.env, WORKER_PROGRAM, host, '-j1');
  return { gate, library, master, terminal };
}

test(
  'Ctrl-C at a worker: encoders that run do not see it, and are waited for',
  { skip: noScript, timeout: 120_000 },
  async (context) => {
    const { gate, library, master, terminal } = await workerOnTerminal(context, 'a', 'b');
    // Both: a process that was forked and is not in a session of its own yet would get the signal.
    await gate.arrival(master);
    await gate.arrival(master);
    terminal.type(CTRL_C);
    await terminal.shows('what runs will finish; interrupt again to stop at once');
    gate.open(2);
    assert.equal(await terminal.exitCode(), 0);
    assert.equal(Object.keys(library.outputs('out/vorbis')).length, 1);
    master.signal('SIGINT');
    assertExit(await master.finished, 130);
  },
);

test(
  'a worker whose terminal is closed leaves at once, its encoders too',
  { skip: noScript, timeout: 120_000 },
  async (context) => {
    const { gate, master, terminal } = await workerOnTerminal(context, 'a');
    const programs = [await gate.arrival(master), await gate.arrival(master)];
    terminal.hangUp();
    await endOf(programs, 60_000);
    await master.said(/agent .* left/);
    master.signal('SIGINT');
    assertExit(await master.finished, 130);
  },
);
