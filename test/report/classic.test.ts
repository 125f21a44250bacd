import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClassicReporter } from '#src/report/classic.js';
import type { RunEvent } from '#src/report/event.js';
import { Output } from '#src/report/output.js';
import {
  change,
  counts,
  summary,
  taskDone,
  taskFailed,
  taskStarted,
  unreadable,
} from '../support/events.js';
import { FakeClock } from '../support/fake-clock.js';
import { CapturedStream } from '../support/terminal.js';

function report(...events: readonly RunEvent[]): { readonly out: string; readonly odd: string } {
  const [stdout, stderr] = [new CapturedStream(), new CapturedStream()];
  const reporter = new ClassicReporter({
    stdout: new Output(stdout),
    stderr: new Output(stderr),
    clock: new FakeClock(),
    base: '/music',
    full: false,
    markdown: false,
  });
  for (const event of events) reporter.report(event);
  reporter.close();
  return { out: stdout.text, odd: stderr.text };
}

const started: RunEvent = { type: 'apply-started', run: 'r', tasks: 3, audioSeconds: 1000 };
const joined: RunEvent = { type: 'agent-joined', agent: 'nas', slots: 2 };

test('says what the classic program says, in its order', () => {
  const { out } = report(started, joined, joined, taskStarted('nas/1', 'a'), taskDone('a'));
  assert.deepEqual(out.split('\n').slice(0, 7), [
    'We have 3 tasks',
    'Waiting for worker(s) to connect. We need at least one worker to continue',
    'Got 1 worker(s)',
    'Got 2 worker(s)',
    'Got 3 worker(s)',
    'Got 4 worker(s)',
    'Commencing run...',
  ]);
  assert.match(out, /\nn:a {36}t:phone {8}s:SUCCESS 1\/3\n$/);
});

test('of two agents of a host the one that leaves takes its own workers', () => {
  const big: RunEvent = { type: 'agent-joined', agent: 'nas', slots: 4 };
  const left: RunEvent = { type: 'agent-left', agent: 'nas', reason: 'told to stop' };
  const { odd } = report(joined, big, left, left);
  assert.deepEqual(odd.trimEnd().split('\n'), [
    'agent nas left: told to stop (4 running)',
    'agent nas left: told to stop (0 running)',
  ]);
});

test('failures and what is left stand on standard error, with their reasons', () => {
  const reason = { code: 'not-managed', text: 'it exists and stays; -f makes it again' } as const;
  const rows = [
    change('conflict', '/music/out/b.ogg', reason),
    change('create', '/music/out/c.ogg'),
  ];
  const { out, odd } = report(
    { type: 'plan', changes: rows, counts: counts({ conflict: 1, create: 1 }) },
    started,
    taskFailed('a'),
  );
  assert.match(odd, /^left: out\/b\.ogg: it exists and stays; -f makes it again\n/);
  assert.match(odd, /\nfailed: .*a.* \(phone\): flac found a frame with a wrong CRC/);
  assert.match(out, /n:a +t:phone +s:ERROR 1\/3\n/);
});

test('the summary adds up what was done, what was there, and what is left', () => {
  const { out } = report(
    { type: 'plan-ready', counts: counts({ create: 10, noop: 5, conflict: 1 }), sources: 16 },
    summary({
      tasks: 10,
      done: 7,
      failed: 1,
      interrupted: true,
      sets: [
        {
          set: 'ffmpeg-alac',
          count: 7,
          failed: 1,
          totalMs: 700_000,
          meanMs: 100_000,
          medianMs: 90_000,
          audioSeconds: 1,
          bytes: 1,
        },
      ],
    }),
  );
  assert.match(out, /^input: 10, output: 8\n/);
  assert.match(out, /\nTotal files on input: 16\nTotal files actually processed: 14\n--\n/);
  assert.match(out, /\nExecution rate: 87\.50 %\n/);
  assert.match(out, /exist already, skipped: 5\n.*successfully: 7\n.*errors: 1\n.*told above: 1\n/);
  assert.match(out, /\nConversion error rate: 12\.50 %\n/);
  assert.match(out, /\nFor mode: ffmpeg:alac\nTotal execution time: 11\.6667 minutes\n/);
  assert.match(out, /\tMedian execution time: 90\.0000 seconds\n/);
  assert.match(out, /Run the same command again to do the rest\.\n$/);
});

test('sources that could not be taken are no part of the numbers of a mode', () => {
  const none = { totalMs: 0, meanMs: 0, medianMs: 0, audioSeconds: 0, bytes: 0 };
  const sets = [{ set: 'vorbis', count: 0, failed: 0, unreadable: 1, ...none }];
  const failures = [unreadable('x', 'not FLAC: a text file')];
  const { out } = report(
    { type: 'plan-ready', counts: counts({ error: 1 }), sources: 1 },
    summary({ tasks: 0, done: 0, unreadable: 1, sets, failures }),
  );
  assert.match(out, /\nTotal files on input: 1\nTotal files actually processed: 1\n/);
  assert.match(out, /due to errors: 0\n.*told above: 1\n/);
  assert.doesNotMatch(out, /For mode/);
});

test('names hold no control characters and no more columns than there are', () => {
  const name = `${'long '.repeat(20)}\u001B[2J`;
  const { out } = report(started, taskDone('a', { source: `/music/in/${name}.flac` }));
  const line = out.trimEnd().split('\n').at(-1) ?? '';
  assert.ok(line.length < 80, line);
  assert.ok(!line.includes('\u001B'));
});
