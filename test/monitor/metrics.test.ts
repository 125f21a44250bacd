import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expositionText } from '#src/monitor/exposition.js';
import { Metrics } from '#src/monitor/metrics.js';
import type { RunEvent } from '#src/report/event.js';
import { Progress } from '#src/report/progress.js';
import { everyEvent, taskDone, taskFailed, taskStarted } from '../support/events.js';
import { FakeClock } from '../support/fake-clock.js';
import { parseMetrics, valueOf } from '../support/prometheus.js';

/** What a scrape answers after these events, a second apart. */
function scrape(events: readonly RunEvent[]): string {
  const clock = new FakeClock('2026-01-02T03:04:05.000Z');
  const progress = new Progress(clock);
  const metrics = new Metrics(clock, '1.2.3');
  for (const event of events) {
    progress.update(event);
    metrics.update(event);
    clock.tick(1000);
  }
  return metrics.text(progress.state());
}

const started: RunEvent = { type: 'apply-started', run: 'r1', tasks: 10, audioSeconds: 2500 };

test('an independent parser reads the same numbers', () => {
  const families = parseMetrics(
    scrape([
      started,
      { type: 'agent-joined', agent: 'nas', slots: 4 },
      { type: 'agent-joined', agent: 'desk', slots: 8 },
      taskStarted('nas/2', 'b'),
      taskDone('a', { ms: 4321, audioSeconds: 250, sizeBytes: 4_200_000 }),
      taskDone('c', { ms: 700_000 }),
      taskFailed('bad'),
      { type: 'agent-left', agent: 'desk', reason: 'gone' },
    ]),
  );
  const values = {
    flac2all_tasks: 10,
    flac2all_agents: 1,
    flac2all_audio_seconds_total: 500,
    flac2all_output_bytes_total: 8_400_000,
    flac2all_agents_joined_total: 2,
    flac2all_agents_left_total: 1,
    flac2all_run_start_time_seconds: Date.parse('2026-01-02T03:04:05.000Z') / 1000,
    flac2all_run_elapsed_seconds: 8,
    flac2all_run_realtime_ratio: 62.5,
  };
  for (const [name, value] of Object.entries(values)) {
    assert.equal(valueOf(families, name), value, name);
  }
  const finished = 'flac2all_tasks_finished_total';
  assert.equal(valueOf(families, finished, { result: 'done' }), 2);
  assert.equal(valueOf(families, finished, { result: 'failed' }), 1);
  assert.equal(valueOf(families, 'flac2all_task_failures_total', { code: 'DECODE_FAILED' }), 1);
  assert.equal(valueOf(families, 'flac2all_agent_busy_slots', { agent: 'nas' }), 1);
  assert.equal(valueOf(families, 'flac2all_agent_slots', { agent: 'nas' }), 4);
  assert.equal(valueOf(families, 'flac2all_run_stage', { stage: 'converting' }), 1);
  const [durations] = families.get('flac2all_task_duration_seconds')?.metrics ?? [];
  assert.deepEqual([durations?.count, durations?.sum], ['2', '704.321']);
  const { 2.5: short, 5: some, 600: most, '+Inf': all } = durations?.buckets ?? {};
  assert.deepEqual([short, some, most, all], ['0', '1', '1', '2']);
});

test('names, help and types are what promtool check metrics asks for', () => {
  const text = scrape(everyEvent());
  const families = [...parseMetrics(text).values()];
  assert.ok(families.length >= 20);
  for (const { name, help, type } of families) {
    assert.match(name, /^flac2all_[a-z]+(_[a-z]+)*$/);
    assert.match(help, /^[A-Z].*\.$/);
    assert.equal(name.endsWith('_total'), type === 'COUNTER', name);
    assert.doesNotMatch(name, /_(count|sum|bucket|ms|milliseconds|minutes|kilobytes|percent)$/);
    assert.equal(text.split(`# TYPE ${name} `).length, 2, `one TYPE for ${name}`);
    assert.ok(text.indexOf(`# HELP ${name} `) < text.indexOf(`# TYPE ${name} `));
  }
  // Each line is a comment or a sample, and the samples of a family stand together.
  const sample =
    /^[a-z_0-9]+(\{[a-z]+="(?:[^"\\\n]|\\[\\"n])*"(?:,[a-z]+="(?:[^"\\\n]|\\[\\"n])*")*\})? \S+$/;
  const lines = text.trimEnd().split('\n');
  for (const line of lines) assert.match(line, line.startsWith('#') ? /^# (HELP|TYPE) / : sample);
  const order = lines
    .filter((line) => !line.startsWith('#'))
    .map((line) => (/^[a-z_0-9]+/.exec(line)?.[0] ?? '').replace(/_(bucket|sum|count)$/, ''));
  const runs = order.filter((name, index) => name !== order[index - 1]);
  assert.equal(new Set(runs).size, runs.length);
});

test('what nobody knows yet is left out, not told as zero', () => {
  const text = scrape([]);
  assert.doesNotMatch(text, /run_info|remaining|realtime|agent_slots|NaN/);
  assert.equal(valueOf(parseMetrics(text), 'flac2all_run_stage', { stage: 'scanning' }), 1);
});

test('labels survive whatever a host is called', () => {
  const agent = 'a"b\\c\nd 久石';
  const text = scrape([started, { type: 'agent-joined', agent, slots: 3 }]);
  assert.match(text, /flac2all_agent_slots\{agent="a\\"b\\\\c\\nd 久石"\} 3\n/);
  assert.equal(text.split('\n').filter((line) => line.includes('agent_slots{')).length, 1);
});

test('a number is written as the format has it', () => {
  const samples = [NaN, Infinity, -Infinity, 1e21, 0.1].map((value) => ({ value }));
  const text = expositionText([{ name: 'a', help: 'b\\c\nd.', type: 'gauge', samples }]);
  assert.equal(
    text,
    '# HELP a b\\\\c\\nd.\n# TYPE a gauge\na NaN\na +Inf\na -Inf\na 1e+21\na 0.1\n',
  );
});
