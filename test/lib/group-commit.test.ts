import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GroupCommit } from '#src/lib/group-commit.js';

/** A flush that ends when the test says so. */
class Gate {
  readonly batches: (readonly number[])[] = [];
  #open: (() => void)[] = [];

  flush = (batch: readonly number[]): Promise<void> => {
    this.batches.push(batch);
    return new Promise((resolve) => this.#open.push(resolve));
  };

  async next(): Promise<void> {
    this.#open.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('group commit', () => {
  test('what comes during a flush goes together into the next', async () => {
    const gate = new Gate();
    const group = new GroupCommit(gate.flush);
    const first = [group.add(1), group.add(2)];
    await gate.next();
    assert.deepEqual(gate.batches, [[1, 2]]);
    const later = [group.add(3), group.add(4)];
    let acknowledged = false;
    void later[0]?.then(() => (acknowledged = true));
    await gate.next();
    await Promise.all(first);
    assert.deepEqual(gate.batches, [
      [1, 2],
      [3, 4],
    ]);
    assert.equal(acknowledged, false, 'not before its own flush');
    await gate.next();
    await Promise.all(later);
    await group.idle();
  });

  test('after a failure everything rejects, and nothing is flushed again', async () => {
    let flushes = 0;
    const group = new GroupCommit<number>(() => {
      flushes += 1;
      return Promise.reject(new Error('disk full'));
    });
    const results = await Promise.allSettled([group.add(1), group.add(2)]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    await assert.rejects(group.add(3), /disk full/);
    await group.idle();
    assert.equal(flushes, 1);
  });
});
