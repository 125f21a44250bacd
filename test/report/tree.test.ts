import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, mock, test } from 'node:test';
import type { RunEvent } from '#src/report/event.js';
import { Output } from '#src/report/output.js';
import { displayWidth } from '#src/report/text.js';
import { TreeReporter } from '#src/report/tree.js';
import { counts, runState, summary, taskDone, taskFailed, taskStarted } from '../support/events.js';
import { FakeClock } from '../support/fake-clock.js';
import { moduleUrl } from '../support/module-url.js';
import { CapturedStream, render } from '../support/terminal.js';

const FRAME_MS = 100;

class Live {
  readonly clock: FakeClock = new FakeClock();
  readonly terminal: CapturedStream;
  readonly reporter: TreeReporter;

  constructor(size = {}) {
    this.terminal = new CapturedStream({ isTTY: true, ...size });
    const output = new Output(this.terminal);
    this.reporter = new TreeReporter({
      stdout: output,
      stderr: output,
      clock: this.clock,
      base: '/music',
      full: false,
      markdown: false,
    });
  }

  /** Lets a frame pass after the events. */
  async show(...events: readonly RunEvent[]): Promise<readonly string[]> {
    for (const event of events) this.reporter.report(event);
    await Promise.resolve();
    mock.timers.tick(FRAME_MS);
    this.clock.tick(FRAME_MS);
    return this.lines;
  }

  get lines(): readonly string[] {
    return render(this.terminal.text);
  }
}

const ready: RunEvent = {
  type: 'plan-ready',
  counts: counts({ create: 4, noop: 240 }),
  sources: 12_340,
};
const started: RunEvent = { type: 'apply-started', run: 'r', tasks: 4, audioSeconds: 1000 };

beforeEach(() => mock.timers.enable({ apis: ['setInterval'] }));
afterEach(() => mock.timers.reset());

test('shows scan, plan and conversion, each in place', async () => {
  const live = new Live();
  assert.deepEqual(
    await live.show({ type: 'scan-progress', stage: 'headers', done: 1234, total: 12_340 }),
    ['⠙ Reading headers 1,234 of 12,340'],
  );
  assert.deepEqual(await live.show(ready), ['✔ Scanned 12,340 sources']);
  live.reporter.report(started);
  live.clock.tick(5000);
  const lines = await live.show(
    taskStarted('nas/2', 'b'),
    taskStarted('nas/10', 'c'),
    taskDone('a'),
  );
  assert.deepEqual(lines, [
    '✔ Scanned 12,340 sources',
    '✔ Plan: 4 to create; 240 up to date.',
    '⠸ Converting 1 of 4 files, 50x real time, 15s left',
    '    ━━━━━━━━━━──────────────────────────────  25%',
    '    nas/2   out/b.opus',
    '    nas/10  out/c.opus',
  ]);
});

test('ends tidy: what was done stays, then the summary', async () => {
  const live = new Live();
  await live.show(ready, started);
  await live.show(taskStarted('nas/1', 'a'), taskDone('a'));
  live.clock.tick(9800);
  live.reporter.report({
    type: 'file-deleted',
    output: '/music/out/x.opus',
    set: 'phone',
    reasons: [],
  });
  live.reporter.report(summary({ tasks: 4, done: 4, deleted: 1 }));
  live.reporter.close(0);
  assert.deepEqual(live.lines.slice(0, 7), [
    '✔ Scanned 12,340 sources',
    '✔ Plan: 4 to create; 240 up to date.',
    '✔ Converted 1 file in 10s',
    '✔ Deleted 1 file',
    '',
    'Summary',
    '  Files on input  12,340',
  ]);
});

test('failures stay above the region as they come', async () => {
  const live = new Live();
  await live.show(ready, started);
  const lines = await live.show(taskFailed('bad\u001B[2J'));
  assert.deepEqual(lines.slice(0, 3), [
    String.raw`failed: in/bad\x1b[2J.flac (phone): flac found a frame with a wrong CRC`,
    '  [DECODE_FAILED]',
    '✔ Scanned 12,340 sources',
  ]);
  live.reporter.report(summary({ tasks: 4, done: 3, failed: 1 }));
  live.reporter.close(3);
  assert.equal(live.lines[4], '✖ Converted 0 files in 0.2s, 1 failed');
});

test('a run that stops half-way marks the stage it was in, and tells the failure after it', async () => {
  const live = new Live();
  await live.show({ type: 'scan-progress', stage: 'sources', done: 7, total: undefined });
  live.reporter.report({ type: 'failure', failure: { code: 'LOCKED', message: 'locked' } });
  live.reporter.close(11);
  assert.deepEqual(live.lines, ['error: locked [LOCKED]', '✖ Scanning sources 7']);
});

test('an interrupted run says so', async () => {
  const live = new Live();
  await live.show(ready, started);
  await live.show({ type: 'interrupted', how: 'graceful' }, taskDone('a'));
  live.reporter.report(summary({ tasks: 4, done: 1, interrupted: true }));
  live.reporter.close(130);
  assert.ok(live.lines.includes('◼ Converted 1 of 4 files in 0.2s, interrupted'));
});

test('never needs more lines or columns than the terminal has', async () => {
  for (const size of [
    { columns: 80, rows: 24 },
    { columns: 40, rows: 8 },
    { columns: 20, rows: 3 },
    { columns: 250, rows: 60 },
  ]) {
    const live = new Live(size);
    await live.show(ready, started);
    for (let worker = 1; worker <= 100; worker += 1) {
      live.reporter.report(
        taskStarted(`a-very-long-host-name/${worker}`, `久石譲/${'x'.repeat(worker * 3)}`),
      );
    }
    const lines = await live.show();
    assert.ok(lines.length < size.rows, `${lines.length} lines of ${size.rows}`);
    for (const line of lines) assert.ok(displayWidth(line) < size.columns, line);
    if (size.rows === 24) assert.equal(lines.at(-1), '    … and 82 more workers');
    live.reporter.close(0);
  }
});

test('several machines: each with its workers below it, or in a line where that is too long', async () => {
  const show = async (rows: number): Promise<readonly string[]> => {
    const live = new Live({ rows });
    await live.show(ready, { ...started, tasks: 40 });
    for (const [agent, slots] of [
      ['nas', 12],
      ['desk', 4],
      ['attic', 2],
    ] as const) {
      live.reporter.report({ type: 'agent-joined', agent, slots });
    }
    live.reporter.report(taskStarted('nas/1', 'long'));
    live.clock.tick(100);
    for (const slot of [10, 2]) live.reporter.report(taskStarted(`nas/${slot}`, `n${slot}`));
    return (await live.show(taskStarted('desk/3', 'd'))).slice(4);
  };
  assert.deepEqual(await show(24), [
    '    attic 0/2',
    '    desk 1/4',
    '      desk/3  out/d.opus',
    '    nas 3/12',
    '      nas/1   out/long.opus',
    '      nas/2   out/n2.opus',
    '      nas/10  out/n10.opus',
  ]);
  assert.deepEqual(await show(8), [
    '    attic 0/2',
    '    desk 1/4   out/d.opus',
    '    nas 3/12   out/long.opus',
  ]);
  assert.deepEqual(await show(7), ['    attic 0/2', '    … and 2 more agents']);
});

test('the run of another process is shown like an own one, with the failures as they become known', async () => {
  const live = new Live();
  const scan = { stage: 'sources', done: 120, total: null } as const;
  assert.deepEqual(await live.show(runState({ scan })), ['⠙ Scanning sources 120']);
  const { source, output, set, worker, code, text } = taskFailed('bad');
  const failure = { source, output, set, worker, code, text };
  const working = [{ worker: 'nas/1', output: '/music/out/a.opus', source, set, ms: 5 }];
  const agents = [{ agent: 'nas', slots: 2, working }];
  const state = runState({
    stage: 'converting',
    tasks: 4,
    done: 1,
    failed: 1,
    failures: [failure],
    agents,
  });
  assert.deepEqual(await live.show({ ...state, rate: 12, remainingMs: 61_000 }), [
    'failed: in/bad.flac (phone): flac found a frame with a wrong CRC',
    '  [DECODE_FAILED]',
    '✔ Scanning sources 120',
    '⠹ Converting 2 of 4 files, 12x real time, 1m 01s left, 1 failed',
    '    ━━━━━━━━━━━━━━━━━━━━────────────────────  50%',
    '    nas/1  out/a.opus',
  ]);
  live.reporter.report({ ...state, done: 3, agents: [], elapsedMs: 9000, exitCode: 3 });
  live.reporter.close(3);
  assert.deepEqual(live.lines.slice(2), [
    '✔ Scanning sources 120',
    '✖ Converted 3 files in 9s, 1 failed',
  ]);
});

test('ten thousand events make one frame, and a still screen is not written again but for its spinner', async () => {
  const live = new Live();
  await live.show(ready);
  const before = live.terminal.writes.length;
  live.reporter.report({ ...started, tasks: 20_000 });
  for (let index = 0; index < 10_000; index += 1) live.reporter.report(taskDone(String(index)));
  assert.equal(live.terminal.writes.length, before);
  await live.show();
  assert.equal(live.terminal.writes.length, before + 1);
});

test('draws over its lines after the terminal became narrower', async () => {
  const live = new Live({ columns: 80 });
  await live.show(
    { ...ready, counts: counts({ create: 1234, update: 56, retag: 789, noop: 240 }) },
    started,
  );
  live.terminal.columns = 30;
  await live.show();
  const up = /\p{Cc}\[(\d+)A/u.exec(live.terminal.writes.at(-1) ?? '');
  assert.equal(Number(up?.[1]), 1 + 3 + 1 + 2);
});

test('nothing is written after the end, and no signal handler is left', async () => {
  const listeners = process.listenerCount('SIGINT');
  const live = new Live();
  await live.show(ready, started);
  assert.equal(process.listenerCount('SIGINT'), listeners);
  live.reporter.close(0);
  const written = live.terminal.writes.length;
  live.reporter.close(0);
  await live.show();
  assert.equal(live.terminal.writes.length, written);
});

test('a live screen that nobody closed keeps no process alive', async () => {
  const script = `
    const { makeReporter } = await import(${moduleUrl('report/reporter')});
    const { systemClock } = await import(${moduleUrl('lib/clock')});
    Object.defineProperty(process.stderr, 'isTTY', { value: true });
    const { stdout, stderr } = process;
    const reporter = await makeReporter({ stdout, stderr, env: {}, clock: systemClock, version: '1', base: '/' });
    reporter.report({ type: 'scan-progress', stage: 'sources', done: 1, total: undefined });
  `;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    timeout: 20_000,
  });
});
