import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Silence } from '#src/cluster/silence.js';
import type { Consequence, SilenceRules } from '#src/cluster/silence.js';

const RULES: SilenceRules = { heartbeatMs: 1000, orphanMs: 600_000, isLeaving: false };

/** What each beat until `untilMs` led to, where that was anything. */
function beats(
  silence: Silence,
  { fromMs = 0, untilMs, ...rules }: { fromMs?: number; untilMs: number } & Partial<SilenceRules>,
): readonly (readonly [number, Consequence])[] {
  const told: (readonly [number, Consequence])[] = [];
  const { heartbeatMs } = { ...RULES, ...rules };
  for (let nowMs = fromMs + heartbeatMs; nowMs <= untilMs; nowMs += heartbeatMs) {
    const consequence = silence.beat(nowMs, { ...RULES, ...rules });
    if (consequence !== 'none') told.push([nowMs, consequence]);
  }
  return told;
}

describe('a master that says nothing', () => {
  test('is dialled anew, again and again, and given up after the time for orphans', () => {
    assert.deepEqual(beats(new Silence(0), { untilMs: 100_000, orphanMs: 100_000 }), [
      [30_000, 'redial'],
      [60_000, 'redial'],
      [90_000, 'redial'],
      [100_000, 'orphaned'],
    ]);
  });

  test('is not dialled while connections stand or heartbeats are rare', () => {
    const silence = new Silence(0);
    assert.deepEqual(beats(silence, { untilMs: 29_000 }), []);
    silence.connected(29_000);
    assert.deepEqual(beats(silence, { fromMs: 29_000, untilMs: 58_000 }), []);
    silence.heard(58_000);
    const rare = { fromMs: 58_000, untilMs: 157_000, heartbeatMs: 10_000 };
    assert.deepEqual(beats(silence, rare), []);
  });

  test('is not waited for by a worker that leaves and holds only what it reported', () => {
    const silence = new Silence(0);
    silence.heard(500);
    assert.deepEqual(beats(silence, { untilMs: 9000, isLeaving: true }), [[9000, 'give-up']]);
  });

  test('that answers is waited for, whoever leaves', () => {
    const silence = new Silence(0);
    for (let nowMs = 0; nowMs < 60_000; nowMs += 5000) {
      silence.heard(nowMs);
      assert.deepEqual(
        beats(silence, { fromMs: nowMs, untilMs: nowMs + 5000, isLeaving: true }),
        [],
      );
    }
  });

  test('was perhaps not heard: who stood still himself counts from there on', () => {
    const silence = new Silence(0);
    assert.equal(silence.beat(1000, RULES), 'none');
    assert.equal(silence.beat(900_000, RULES), 'none');
    assert.deepEqual(beats(silence, { fromMs: 900_000, untilMs: 929_000 })[0]?.[1], 'redial');
  });
});
