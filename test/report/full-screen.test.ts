import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, mock, test } from 'node:test';
import type { Lifecycle } from '#src/report/alternate-screen.js';
import type { RunEvent } from '#src/report/event.js';
import { FullScreenReporter } from '#src/report/full-screen.js';
import { fullScreenFrame } from '#src/report/full-screen-frame.js';
import { Output } from '#src/report/output.js';
import { makeReporter } from '#src/report/reporter.js';
import { makePalette } from '#src/report/terminal.js';
import { displayWidth } from '#src/report/text.js';
import { counts, summary, taskDone, taskFailed, taskStarted } from '../support/events.js';
import { FakeClock } from '../support/fake-clock.js';
import { CapturedStream } from '../support/terminal.js';

const FRAME_MS = 100;
const ENTER = '\u001B[?1049h\u001B[?25l';
const LEAVE = '\u001B[?25h\u001B[?1049l';

class FakeProcess extends EventEmitter implements Lifecycle {
  readonly pid = 1;
  readonly stopped: string[] = [];

  kill(_pid: number, signal: 'SIGSTOP'): void {
    this.stopped.push(signal);
  }
}

class Live {
  readonly terminal: CapturedStream;
  readonly stdout: CapturedStream = new CapturedStream();
  readonly process: FakeProcess = new FakeProcess();
  readonly reporter: FullScreenReporter;

  constructor(size = {}) {
    this.terminal = new CapturedStream({ isTTY: true, ...size });
    const options = { clock: new FakeClock(), base: '/music', full: false, markdown: false };
    const [stdout, stderr] = [new Output(this.stdout), new Output(this.terminal)];
    this.reporter = new FullScreenReporter({ ...options, stdout, stderr }, this.process);
  }

  show(...events: readonly RunEvent[]): readonly string[] {
    for (const event of events) this.reporter.report(event);
    mock.timers.tick(FRAME_MS);
    return shown(this.terminal.text);
  }
}

/** What stands on a terminal that was written to line by line. */
function shown(output: string): readonly string[] {
  const rows: string[] = [];
  for (const [, code = '', text = ''] of output.matchAll(/\p{Cc}\[([?\d;]+[A-Za-z])(\P{Cc}*)/gu)) {
    if (code === '2J') rows.length = 0;
    const [, row] = /^(\d+);1H$/u.exec(code) ?? [];
    if (row !== undefined) rows[Number(row) - 1] = text;
  }
  return Array.from(rows, (row) => row ?? '');
}

const started: RunEvent = { type: 'apply-started', run: 'r', tasks: 4, audioSeconds: 1000 };
const joined: RunEvent = { type: 'agent-joined', agent: 'nas', slots: 2 };

beforeEach(() => mock.timers.enable({ apis: ['setInterval'] }));
afterEach(() => mock.timers.reset());

test('shows progress, counts and messages', () => {
  const live = new Live();
  const lines = live.show(
    started,
    joined,
    taskStarted('nas/1', 'a'),
    taskDone('a'),
    taskFailed('b'),
  );
  assert.equal(lines.length, 24);
  const text = lines.join('\n');
  assert.match(text, /┌─ Progress ─+┐┌─ Stats ─+┐/);
  assert.match(text, /\|█+ +\| {2}50%/);
  for (const count of ['Workers: 2', 'Tasks: 4', 'Completed: 1', 'Errors: 1'])
    assert.ok(text.includes(`│ ${count} `), count);
  for (const message of ['Got 2 worker(s)', 'Commencing run...', 's:SUCCESS 1/4', 'wrong CRC'])
    assert.ok(text.includes(message), message);
});

test('writes only what has changed, and everything anew when the size changes', () => {
  const live = new Live();
  live.show(started);
  const { length } = live.terminal.writes;
  live.show();
  assert.equal(live.terminal.writes.length, length, 'nothing changed, nothing written');
  live.terminal.columns = 60;
  live.terminal.rows = 16;
  const lines = live.show();
  assert.equal(lines.length, 16);
  assert.ok(lines.every((line) => displayWidth(line) === 60));
});

test('fits terminals of any size, and marks no frame where boxes have no room', () => {
  const messages = ['plain', 'error'].map((text) => ({
    tone: 'plain' as const,
    text: text.repeat(30),
  }));
  const view = {
    workers: 1000,
    tasks: 100_000,
    completed: 99_999,
    errors: 3,
    share: 0.999,
    messages,
  };
  for (const columns of [20, 47, 48, 80, 200]) {
    for (const rows of [1, 2, 13, 14, 24]) {
      for (const colour of [false, true]) {
        const frame = fullScreenFrame(view, { columns, rows }, makePalette(colour));
        assert.equal(frame.length, rows);
        for (const line of frame) assert.equal(displayWidth(line), columns, `${columns}x${rows}`);
        assert.equal(frame.join('').includes('┌'), columns >= 48 && rows >= 14);
      }
    }
  }
});

test('gives the terminal back once, and leaves there what matters', () => {
  const live = new Live();
  const end = summary({ tasks: 4, done: 3, failed: 1 });
  live.show(
    { type: 'plan-ready', counts: counts({ create: 4 }), sources: 4 },
    started,
    taskFailed('b'),
    end,
  );
  assert.ok(live.terminal.text.startsWith(ENTER));
  assert.equal(live.stdout.text, '', 'nothing is written under the screen');
  live.reporter.close();
  live.process.emit('exit');
  const [, after, more] = live.terminal.text.split(LEAVE);
  assert.match(after ?? '', /^n:b.*ERROR.*\nfailed: .*wrong CRC.*\n$/);
  assert.equal(more, undefined);
  assert.match(live.stdout.text, /\| Summary\n/);
  assert.deepEqual(live.process.eventNames(), []);
});

test('gives it back when the process exits, and while it is suspended', () => {
  const live = new Live();
  live.process.emit('SIGTSTP');
  assert.ok(live.terminal.text.endsWith(LEAVE));
  assert.deepEqual(live.process.stopped, ['SIGSTOP']);
  const { length } = live.terminal.writes;
  live.show(started);
  assert.equal(live.terminal.writes.length, length, 'a suspended run draws nothing');
  live.process.emit('SIGCONT');
  assert.ok(live.show().join('\n').includes('We have 4 tasks'));
  live.process.emit('exit');
  assert.ok(live.terminal.text.endsWith(LEAVE));
});

test('is taken where there is a terminal for it, lines otherwise', async () => {
  const options = {
    env: {},
    clock: new FakeClock(),
    version: '1',
    base: '/',
    classic: 'screen' as const,
  };
  const lifecycle = new FakeProcess();
  for (const [isTTY, env, entered] of [
    [true, {}, true],
    [false, {}, false],
    [true, { TERM: 'dumb' }, false],
  ] as const) {
    const stderr = new CapturedStream({ isTTY });
    const stdout = new CapturedStream();
    const reporter = await makeReporter({ ...options, env, stdout, stderr, lifecycle });
    reporter.report(started);
    reporter.close(0);
    assert.equal(stderr.text.startsWith(ENTER), entered);
    assert.equal(stdout.text.includes('We have 4 tasks'), !entered);
  }
});
