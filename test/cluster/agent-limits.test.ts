import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dutyOf } from '#src/cluster/agent-limits.js';
import type { AgentLimits, AgentMoment } from '#src/cluster/agent-limits.js';

const HOUR = 3_600_000;
const noon: AgentMoment = {
  nowMs: new Date(2024, 4, 1, 12).getTime(),
  load: 2,
  ageMs: 0,
  idleMs: 0,
  longestMs: 0,
};
const duty = (limits: AgentLimits, moment: Partial<AgentMoment> = {}): string =>
  dutyOf(limits, { ...noon, ...moment }).kind;

describe('what an agent does', () => {
  test('without limits: work', () => {
    assert.equal(duty({}, { load: 99, idleMs: HOUR, ageMs: HOUR }), 'work');
  });

  test('rests above its load, not at it', () => {
    assert.equal(duty({ maxLoad: 2 }), 'work');
    assert.equal(duty({ maxLoad: 2 }, { load: 2.01 }), 'rest');
  });

  test('rests outside its hours, and does not leave for idleness then', () => {
    const hours = [{ from: 22 * 60, to: 7 * 60 }];
    assert.equal(duty({ hours, idleMs: 1000 }, { idleMs: HOUR }), 'rest');
    const night = { nowMs: new Date(2024, 4, 1, 23).getTime() };
    assert.equal(duty({ hours }, night), 'work');
    assert.equal(duty({ hours, idleMs: 1000 }, { ...night, idleMs: HOUR }), 'drain');
  });

  test('drains in time for its longest task, and is gone before its time is over', () => {
    const life = (ageMs: number, longestMs = 0): string =>
      duty({ lifetimeMs: HOUR }, { ageMs, longestMs });
    assert.equal(life(HOUR - 61_000), 'work');
    assert.equal(life(HOUR - 60_000), 'drain');
    assert.equal(life(HOUR - 600_000, 400_000), 'drain');
    assert.equal(life(HOUR / 2 - 1, HOUR), 'work');
    assert.equal(life(HOUR / 2, HOUR), 'drain');
    assert.equal(life(HOUR - 5000), 'end');
    assert.equal(duty({ lifetimeMs: 1000 }, { ageMs: 400 }), 'work');
    assert.equal(duty({ lifetimeMs: 1000 }, { ageMs: 900 }), 'end');
  });
});
