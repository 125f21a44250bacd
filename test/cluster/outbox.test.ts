import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Outbox } from '#src/cluster/outbox.js';

/** A line that does with each message what the test says. */
class ScriptedLine {
  readonly carried: string[] = [];
  readonly #script: (() => Promise<void>)[];

  constructor(...script: readonly (() => Promise<void>)[]) {
    this.#script = [...script];
  }

  async send([text = '']: readonly string[]): Promise<void> {
    await (this.#script.shift() ?? carries)();
    this.carried.push(text);
  }
}

const carries = (): Promise<void> => Promise.resolve();
const breaks = (): Promise<void> => Promise.reject(systemError('EAGAIN'));

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function filled(...texts: readonly string[]): Outbox {
  const outbox = new Outbox();
  for (const text of texts) outbox.put([text]);
  return outbox;
}

describe('an outbox', () => {
  test('keeps what there is no line for', async () => {
    const outbox = filled('a', 'b');
    assert.equal(outbox.size, 2);
    const line = new ScriptedLine();
    outbox.use(line);
    await outbox.sent;
    assert.deepEqual([line.carried, outbox.size], [['a', 'b'], 0]);
  });

  test('outlives a connection that breaks under a message: it goes out once, in its place', async () => {
    const outbox = filled('a', 'b', 'c');
    const line = new ScriptedLine(carries, breaks, breaks);
    outbox.use(line);
    await outbox.sent;
    assert.deepEqual(line.carried, ['a', 'b', 'c']);
    outbox.put(['d']);
    await outbox.sent;
    assert.deepEqual([line.carried.at(-1), outbox.size], ['d', 0]);
  });

  test('sends on the next line what the one before it was closed under', async () => {
    const outbox = filled('a', 'b');
    let close: () => void = () => undefined;
    const closed = new Promise<void>((_, reject) => {
      close = () => reject(systemError('EAGAIN'));
    });
    outbox.use(new ScriptedLine(() => closed));
    await turn();
    const next = new ScriptedLine();
    outbox.use(next);
    close();
    await outbox.sent;
    assert.deepEqual(next.carried, ['a', 'b']);
  });

  test('does not hide an error that no line should have', async () => {
    const outbox = filled('a');
    outbox.use(new ScriptedLine(() => Promise.reject(systemError('EFAULT'))));
    await assert.rejects(outbox.sent, { code: 'EFAULT' });
  });
});
