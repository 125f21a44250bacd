import assert from 'node:assert/strict';
import { appendFileSync, rmSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { watchGrowth } from '#src/task/growth.js';
import { plant, temporaryFolder } from '../support/temporary-folder.js';

const STALL_MS = 1000;

function watched(t: TestContext, path: string): AbortSignal {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { stalled, dispose } = watchGrowth(path, STALL_MS);
  t.after(dispose);
  return stalled;
}

describe('a file that is being written', () => {
  test('has stalled when nothing came for so long', (t) => {
    const stalled = watched(t, plant(temporaryFolder(t), 'part', 'half'));
    t.mock.timers.tick(STALL_MS - 100);
    assert.ok(!stalled.aborted);
    t.mock.timers.tick(200);
    assert.ok(stalled.aborted);
  });

  test('has not while it grows, were it ever so slowly', (t) => {
    const path = plant(temporaryFolder(t), 'part', '');
    const stalled = watched(t, path);
    for (let time = 0; time < 10; time += 1) {
      appendFileSync(path, '.');
      t.mock.timers.tick(STALL_MS - 100);
    }
    assert.ok(!stalled.aborted);
  });

  test('may be missing at first, and vanish', (t) => {
    const folder = temporaryFolder(t);
    const stalled = watched(t, `${folder}/part`);
    t.mock.timers.tick(STALL_MS / 2);
    plant(folder, 'part', 'here now');
    t.mock.timers.tick(STALL_MS / 2);
    rmSync(`${folder}/part`);
    t.mock.timers.tick(STALL_MS / 2);
    assert.ok(!stalled.aborted);
    t.mock.timers.tick(STALL_MS);
    assert.ok(stalled.aborted);
  });

  test('is not looked at any more when nobody wants to know', (t) => {
    const path = plant(temporaryFolder(t), 'part', '');
    t.mock.timers.enable({ apis: ['setInterval'] });
    const { stalled, dispose } = watchGrowth(path, STALL_MS);
    dispose();
    t.mock.timers.tick(10 * STALL_MS);
    assert.ok(!stalled.aborted);
  });
});
