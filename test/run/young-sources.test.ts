import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StatKey } from '#src/lib/stat-key.js';
import type { Action, Change } from '#src/plan/action.js';
import type { RunEvent } from '#src/report/event.js';
import { waitForYoung } from '#src/run/young-sources.js';
import { FakeClock } from '../support/fake-clock.js';
import { outputSet, path, source } from '../support/plan-case.js';

const clock = (): FakeClock => new FakeClock('2026-01-01T00:00:10.000Z');

/** A change whose source was written so many seconds before the clocks above start. */
function aged(seconds: number, action: Action = 'create', name = `${seconds}.flac`): Change {
  const ns = BigInt(Date.parse('2026-01-01T00:00:10.000Z') - seconds * 1000) * 1_000_000n;
  const fact = source(name, { stat: `1:${ns}:${ns}:1` as StatKey });
  const output = path('/out/a.opus');
  const desired = { output, set: outputSet(), source: fact, sidecar: false };
  return { action, output, set: 'phone', source: fact.path, reasons: [], desired };
}

function wait(changes: readonly Change[]) {
  const time = clock();
  const told: RunEvent[] = [];
  const drain = new AbortController();
  const options = { minAgeMs: 2000, clock: time, drain: drain.signal };
  const done = waitForYoung(changes, { ...options, emit: (event) => told.push(event) });
  return { time, told, drain, done };
}

test('waits until the youngest source is old enough, and says so', async () => {
  const { time, told, done } = wait([aged(1.5), aged(0.5), aged(60)]);
  assert.equal(time.sleeping, 1);
  time.tick(1500);
  await done;
  assert.deepEqual(told, [
    {
      type: 'notice',
      level: 'info',
      code: 'SOURCES_YOUNG',
      text: 'waiting 1.5 s: 2 sources were written just now (policy.minAge)',
    },
  ]);
});

test('a source of several outputs is one', async () => {
  const { time, told, done } = wait([aged(1, 'create', 'a.flac'), aged(1, 'update', 'a.flac')]);
  time.tick(1000);
  await done;
  assert.deepEqual(
    told.map((event) => 'text' in event && event.text),
    ['waiting 1.0 s: 1 source was written just now (policy.minAge)'],
  );
});

test('does not wait for old sources, wrong clocks, or what needs no worker', async () => {
  const { time, told, done } = wait([aged(2), aged(-5), aged(0, 'touch')]);
  await done;
  assert.equal(time.sleeping, 0);
  assert.deepEqual(told, []);
});

test('a run that is told to stop does not wait on', async () => {
  const { drain, done } = wait([aged(0)]);
  drain.abort();
  await done;
});
