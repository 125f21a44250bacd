import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Detail } from '#src/report/event-text.js';
import type { RunEvent } from '#src/report/event.js';
import { Output } from '#src/report/output.js';
import { PlainReporter } from '#src/report/plain.js';
import {
  counts,
  everyEvent,
  runState,
  summary,
  taskDone,
  taskFailed,
  unreadable,
} from '../support/events.js';
import { FakeClock } from '../support/fake-clock.js';
import { CapturedStream } from '../support/terminal.js';

class Log {
  readonly clock: FakeClock = new FakeClock();
  readonly stdout: CapturedStream = new CapturedStream();
  readonly stderr: CapturedStream = new CapturedStream();
  readonly #reporter: PlainReporter;

  constructor(detail: Detail) {
    const streams = { stdout: new Output(this.stdout), stderr: new Output(this.stderr) };
    this.#reporter = new PlainReporter(detail, {
      ...streams,
      clock: this.clock,
      base: '/music',
      full: false,
      markdown: false,
    });
  }

  report(...events: readonly RunEvent[]): void {
    for (const event of events) this.#reporter.report(event);
  }
}

const started: RunEvent = { type: 'apply-started', run: 'r1', tasks: 1000, audioSeconds: 250_000 };

test('a long run is told by start, progress at every 10 %, failures', () => {
  const log = new Log('normal');
  log.report(
    { type: 'plan-ready', counts: counts({ create: 1000, noop: 5 }), sources: 1005 },
    started,
  );
  for (let index = 1; index <= 1000; index += 1) {
    log.clock.tick(100);
    log.report(index === 555 ? taskFailed('bad\nname') : taskDone(`${index}`));
  }
  assert.equal(
    log.stderr.text,
    `1,005 sources scanned
Plan: 1,000 to create; 5 up to date.
Run r1: 1,000 tasks, 2d 21h of audio
 10%  100 of 1,000 tasks, 2,500x real time, 1m 30s left
 20%  200 of 1,000 tasks, 2,500x real time, 1m 20s left
 30%  300 of 1,000 tasks, 2,500x real time, 1m 10s left
 40%  400 of 1,000 tasks, 2,500x real time, 1m 00s left
 50%  500 of 1,000 tasks, 2,500x real time, 50s left
failed: in/bad\\nname.flac (phone): flac found a frame with a wrong CRC [DECODE_FAILED]
 60%  600 of 1,000 tasks, 1 failed, 2,496x real time, 40s left
 70%  700 of 1,000 tasks, 1 failed, 2,496x real time, 30s left
 80%  800 of 1,000 tasks, 1 failed, 2,496x real time, 20s left
 90%  900 of 1,000 tasks, 1 failed, 2,496x real time, 10s left
`,
  );
  assert.equal(log.stdout.text, '');
});

test('a slow run is told every 30 seconds', () => {
  const log = new Log('normal');
  log.report(started);
  for (let index = 1; index <= 9; index += 1) {
    log.clock.tick(10_000);
    log.report(taskDone(`${index}`));
  }
  const lines = log.stderr.text.split('\n').filter((line) => line.includes('%'));
  assert.deepEqual(
    lines.map((line) => line.slice(0, 21)),
    ['  0%  3 of 1,000 task', '  0%  6 of 1,000 task', '  0%  9 of 1,000 task'],
  );
});

test('detail "all" has a line for each task, with its warnings, and no progress', () => {
  const log = new Log('all');
  log.report(started, taskDone('a', { warnings: ['ID3v1 tag after the audio'] }));
  log.clock.tick(60_000);
  log.report(taskDone('b', { action: 'retag' }));
  assert.deepEqual(log.stderr.text.split('\n').slice(1), [
    'create out/a.opus  4.3s, 4 MiB, nas/1',
    '  warning: ID3v1 tag after the audio',
    'retag out/b.opus  4.3s, 4 MiB, nas/1',
    '',
  ]);
});

test('detail "failures" has failures and nothing else', () => {
  const log = new Log('failures');
  log.report(...everyEvent());
  assert.equal(log.stdout.text, '');
  assert.deepEqual(
    log.stderr.text.split('\n').map((line) => line.replace(/:.*/u, '')),
    ['problem', 'failed', 'kept', 'error', '  at /f', '  1 | abcdef', '    |  ^^^', 'hint', ''],
  );
});

test('the result goes to standard output: the plan where it is asked for, and the summary', () => {
  const log = new Log('normal');
  log.report(...everyEvent());
  assert.match(
    log.stdout.text,
    /^1 to update\n[^]*\nPlan: 1 to update; 240 up to date\.\nLeft alone: 1 problem in the sources, told above\.\n3 sources\nSummary\n/u,
  );
  assert.doesNotMatch(log.stderr.text, /Plan:|Summary/u);
});

test('a run that has nothing to do says so in a line', () => {
  const log = new Log('normal');
  log.report(
    { type: 'plan-ready', counts: counts({ noop: 240 }), sources: 240 },
    summary({ tasks: 0, done: 0 }),
  );
  assert.equal(log.stdout.text, 'No changes. 240 outputs are up to date.\n');
});

test('what is left to a person is told at the end, even where only failures are', () => {
  const left = counts({ noop: 2, drift: 1, skip: 3 });
  const line = 'Left alone: 1 changed outside, 3 skipped. "flac2all plan" shows which, and why.\n';
  const ready: RunEvent = { type: 'plan-ready', counts: left, sources: 6 };
  const idle = new Log('normal');
  idle.report(ready, summary({ tasks: 0, done: 0 }));
  assert.equal(idle.stdout.text, `No changes. 2 outputs are up to date.\n${line}`);
  const busy = new Log('normal');
  busy.report({ ...ready, counts: { ...left, create: 1 } }, summary());
  assert.ok(busy.stdout.text.startsWith('Summary\n') && busy.stdout.text.endsWith(`\n\n${line}`));
  const quiet = new Log('failures');
  quiet.report(ready, summary({ tasks: 0, done: 0 }));
  assert.equal(quiet.stderr.text, line);
});

const problem: RunEvent = {
  type: 'scan-problem',
  path: '/music/in/loop',
  code: 'SOURCE_LINK_LOOP',
  text: 'a loop; remove it, or add it to exclude',
};

test('what the scan could not take is told at the end of a plan and of a run', () => {
  const ready: RunEvent = { type: 'plan-ready', counts: counts({ noop: 16 }), sources: 16 };
  const planned = new Log('normal');
  planned.report(problem, ready, { type: 'plan', changes: [], counts: counts({ noop: 16 }) });
  assert.equal(
    planned.stdout.text,
    'No changes. 16 outputs are up to date.\nLeft alone: 1 problem in the sources, told above.\n',
  );
  const run = new Log('normal');
  run.report(problem, problem, ready, summary({ tasks: 0, done: 0 }));
  assert.equal(
    run.stdout.text,
    `No changes. 16 outputs are up to date.
Left alone: 2 problems in the sources. "flac2all plan" shows which, and why.
`,
  );
  const quiet = new Log('failures');
  quiet.report(problem, ready, summary({ tasks: 0, done: 0 }));
  assert.equal(
    quiet.stderr.text,
    'problem: in/loop: a loop; remove it, or add it to exclude\n',
    'once, and no count beside it',
  );
});

test('all that can be left fits 80 columns', () => {
  const log = new Log('normal');
  const left = counts({ noop: 1, drift: 1000, conflict: 1000, skip: 1000 });
  log.report(problem, { type: 'plan-ready', counts: left, sources: 1 }, summary({ tasks: 0 }));
  const lines = log.stdout.text.split('\n');
  assert.match(log.stdout.text, /1 problem\s+in the sources/u);
  assert.ok(
    lines.every((line) => line.length <= 80),
    log.stdout.text,
  );
});

test('unreadable sources are told with their reasons, also where there was nothing to do', () => {
  const ready: RunEvent = { type: 'plan-ready', counts: counts({ noop: 1, error: 1 }), sources: 2 };
  const failures = [unreadable('x', '/music/in/x.flac: not FLAC: a text file')];
  const ended = summary({ tasks: 0, done: 0, unreadable: 1, failures });
  const log = new Log('normal');
  log.report(ready, ended);
  assert.equal(
    log.stdout.text,
    `No changes. 1 output is up to date.

1 failure
  NOT_FLAC (1)
    in/x.flac
      phone: not FLAC: a text file
`,
  );
  const quiet = new Log('failures');
  quiet.report(ready, taskFailed('bad'), {
    ...ended,
    failed: 1,
    failures: [taskFailed('bad'), ...failures],
  });
  assert.deepEqual(quiet.stderr.text.split('\n'), [
    'failed: in/bad.flac (phone): flac found a frame with a wrong CRC [DECODE_FAILED]',
    'failed: in/x.flac (phone): not FLAC: a text file [NOT_FLAC]',
    '',
  ]);
});

test('the number of sources is told by a run, not beside an answer that has it', () => {
  const ready: RunEvent = { type: 'plan-ready', counts: counts({ noop: 2 }), sources: 2 };
  const run = new Log('normal');
  run.report(ready, summary({ tasks: 0, done: 0 }));
  assert.equal(run.stderr.text, '2 sources scanned\n');
  const status = new Log('normal');
  status.report(ready, { type: 'answer', kind: 'status', text: '2 sources\n', data: {} });
  assert.equal(status.stderr.text, '');
});

test('an answer that tells of something bad is told even where only failures are', () => {
  const log = new Log('failures');
  const answer: RunEvent = { type: 'answer', kind: 'verify', text: 'a: missing\n', data: {} };
  log.report(answer, { ...answer, isBad: true });
  assert.equal(log.stdout.text, 'a: missing\n');
});

test('without colour no text has an escape sequence, whatever the names are', () => {
  for (const detail of ['failures', 'normal', 'all'] as const) {
    const log = new Log(detail);
    const evil = '\u001B[2J\u009B1m\n\u202E';
    log.report(
      ...everyEvent(),
      taskDone(evil, { set: evil, worker: evil, warnings: [evil] }),
      taskFailed(evil, { set: evil, worker: evil, text: evil }),
      { type: 'notice', level: 'info', code: 'MOVE_FAILED', text: evil },
      { type: 'agent-left', agent: evil, reason: evil },
      summary({ failures: [taskFailed(evil, { set: evil, text: evil })] }),
    );
    assert.doesNotMatch(log.stderr.text + log.stdout.text, /[^\P{Cc}\n]|\u202E/u);
  }
});

test('the run of another process: progress by steps, each failure once', () => {
  const log = new Log('normal');
  const { source, output, set, worker, code, text } = taskFailed('bad');
  const failures = [{ source, output, set, worker, code, text }];
  const state = runState({ stage: 'converting', tasks: 100, rate: 12, remainingMs: 61_000 });
  log.report(state, { ...state, done: 5 }, { ...state, done: 19, failed: 1, failures });
  log.report(
    { ...state, done: 20, failed: 1, failures },
    { ...state, done: 99, failed: 1, failures },
  );
  assert.equal(
    log.stderr.text,
    `failed: in/bad.flac (phone): flac found a frame with a wrong CRC [DECODE_FAILED]
 20%  20 of 100 tasks, 1 failed, 12x real time, 1m 01s left
`,
  );
});

test('of many failures at once those that are not kept are counted', () => {
  const log = new Log('failures');
  const { source, output, set, worker, code, text } = taskFailed('bad');
  log.report(runState({ failed: 7, failures: [{ source, output, set, worker, code, text }] }));
  assert.match(log.stderr.text, /^failed: 6 others\nfailed: in\/bad\.flac /);
});
