import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validatorFor } from '#src/lib/schema-validator.js';
import type { RunEvent } from '#src/report/event.js';
import { JsonReporter } from '#src/report/json.js';
import { Output } from '#src/report/output.js';
import { everyEvent, setSummary, summary, unreadable } from '../support/events.js';
import { FakeClock } from '../support/fake-clock.js';
import { CapturedStream } from '../support/terminal.js';

const validate = validatorFor('event');

/** Fails to compile when an event is missing here. */
const TYPES: Readonly<Record<RunEvent['type'], true>> = {
  'scan-progress': true,
  'scan-problem': true,
  'plan-ready': true,
  plan: true,
  'apply-started': true,
  'agent-joined': true,
  'agent-left': true,
  'task-started': true,
  'task-done': true,
  'task-failed': true,
  'task-requeued': true,
  'file-deleted': true,
  'file-kept': true,
  'file-moved': true,
  answer: true,
  notice: true,
  interrupted: true,
  'run-state': true,
  summary: true,
  failure: true,
};

function run(
  events: readonly RunEvent[],
  clock = new FakeClock(),
): readonly Record<string, unknown>[] {
  const stdout = new CapturedStream();
  const reporter = new JsonReporter(new Output(stdout), clock, '1.2.3');
  for (const event of events) reporter.report(event);
  reporter.close(3);
  assert.ok(stdout.text.endsWith('\n'));
  return stdout.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('every line of every event is as the schema says, version first and exit last', () => {
  const events = everyEvent();
  assert.deepEqual(new Set(events.map(({ type }) => type)), new Set(Object.keys(TYPES)));
  const lines = run(events);
  for (const line of lines) {
    assert.ok(validate(line), `${JSON.stringify(line)}\n${JSON.stringify(validate.errors)}`);
  }
  assert.deepEqual(lines[0], { type: 'version', program: 'flac2all', version: '1.2.3', format: 1 });
  assert.deepEqual(lines.at(-1), { type: 'exit', code: 3 });
  assert.equal(lines.length, events.length + 2);
});

test('the schema refuses an unknown field, a missing one and an unknown type', () => {
  assert.equal(validate({ type: 'exit', code: 0 }), true);
  assert.equal(validate({ type: 'exit', code: 0, more: 1 }), false);
  assert.equal(validate({ type: 'exit' }), false);
  assert.equal(validate({ type: 'other' }), false);
});

test('unreadable sources and warnings of a summary are as the schema says', () => {
  const failures = [unreadable('x', 'not FLAC: a text file')];
  const sets = [{ ...setSummary(), unreadable: 1 }];
  const [, line] = run([summary({ unreadable: 1, warnings: 3, sets, failures })]);
  assert.ok(validate(line), JSON.stringify(validate.errors));
  assert.deepEqual([line?.['unreadable'], line?.['warnings']], [1, 3]);
});

test('a plan is a line for each change, without what is up to date', () => {
  const lines = run(everyEvent().filter(({ type }) => type === 'plan'));
  assert.deepEqual(lines.slice(1, -1), [
    {
      type: 'change',
      action: 'update',
      output: '/music/out/a.opus',
      set: 'phone',
      source: '/music/in/a.flac',
      reasons: [
        { code: 'option-changed', text: 'option changed: bitrate', old: '128', new: '160' },
      ],
    },
  ]);
});

test('a failure is told without its cause', () => {
  const [, line] = run(everyEvent().filter(({ type }) => type === 'failure'));
  assert.deepEqual(Object.keys(line ?? {}), ['type', 'code', 'message', 'location', 'hint']);
});

test('scan progress comes at most once a second', () => {
  const clock = new FakeClock();
  const stdout = new CapturedStream();
  const reporter = new JsonReporter(new Output(stdout), clock, '1.2.3');
  for (let done = 0; done < 2500; done += 1) {
    reporter.report({ type: 'scan-progress', stage: 'headers', done, total: 2500 });
    clock.tick(1);
  }
  assert.deepEqual(stdout.text.match(/"done":\d+/gu), ['"done":0', '"done":1000', '"done":2000']);
});
