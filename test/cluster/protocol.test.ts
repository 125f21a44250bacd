import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { readSchema } from '#src/lib/schema-validator.js';
import { decode, encode, encodeBatches, MAX_MESSAGE_BYTES } from '#src/cluster/protocol.js';
import { failed, fakeTask, made } from './rig.js';

const bytes = (frames: readonly string[]): Buffer[] => frames.map((frame) => Buffer.from(frame));
const types = Object.keys(readSchema('message')['properties'] as object);
const attempt = '7.1';
const token = 'f'.repeat(32);

function refusal(type: string, header: string): string {
  const decoded = decode(bytes([type, header]));
  return decoded.ok ? 'accepted' : decoded.error.code;
}

describe('what we send is what we read', () => {
  test('tasks and results', () => {
    const task = fakeTask(1);
    for (const outcome of [made(), failed('input')]) {
      const result = { task: task.id, attempt, token, slot: 1, outcome };
      const [batch] = encodeBatches('RESULT', [result]).batches;
      assert.deepEqual(decode(bytes(batch!.frames)), {
        ok: true,
        value: { type: 'RESULT', header: { results: [result] } },
      });
    }
    const [batch] = encodeBatches('TASKS', [{ attempt, token, task }]).batches;
    const decoded = decode(bytes(batch!.frames));
    assert.deepEqual(decoded.ok && decoded.value.header, { tasks: [{ attempt, token, task }] });
  });

  test('members and frames of a later version are ignored', () => {
    assert.equal(refusal('ACK', '{"attempts":[],"later":{"x":1}}'), 'accepted');
    assert.ok(decode([...bytes(encode('WHO', {})), Buffer.alloc(3)]).ok);
  });

  test('batches respect the size limit and keep the order', () => {
    const texts = Array.from({ length: 50 }, (_, index) => 'é'.repeat(index * 1000));
    texts.push('x'.repeat(MAX_MESSAGE_BYTES));
    const { batches, tooLarge } = encodeBatches('RESULT', texts);
    assert.deepEqual(
      batches.flatMap(({ items }) => items),
      texts.slice(0, -1),
    );
    assert.equal(tooLarge.length, 1);
    for (const { frames } of batches) {
      assert.ok(Buffer.byteLength(frames[1] ?? '') <= MAX_MESSAGE_BYTES);
      assert.ok(Array.isArray(JSON.parse(frames[1] ?? '').results));
    }
  });
});

describe('hostile bytes', () => {
  test('never throw', () => {
    const frame = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text)),
    );
    const type = fc.oneof(
      fc.constantFrom(...types).map((name) => Buffer.from(name) as Uint8Array),
      fc.uint8Array(),
    );
    fc.assert(
      fc.property(type, fc.array(frame, { maxLength: 3 }), (first, rest) => {
        const decoded = decode([first, ...rest]);
        if (!decoded.ok) assert.ok(decoded.error.text.length < 1000);
      }),
      { numRuns: 2000 },
    );
  });

  test('names of Object.prototype are no types, and pollute nothing', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      assert.equal(refusal(name, '{}'), 'UNKNOWN_TYPE');
    }
    assert.equal(refusal('ACK', '{"__proto__":{"attempts":[]}}'), 'BAD_HEADER');
    assert.equal(refusal('WHO', '{"__proto__":{"polluted":1}}'), 'accepted');
    assert.equal('polluted' in {}, false);
  });

  test('too few frames, wrong JSON, wrong shapes', () => {
    assert.equal(decode([]).ok, false);
    assert.equal(decode([Buffer.from('WHO')]).ok, false);
    for (const header of ['', '[]', 'null', '{"attempts":[1]}', '{"attempts":["1"]}', '{']) {
      assert.equal(refusal('ACK', header), 'BAD_HEADER', header);
    }
    assert.equal(refusal('W'.repeat(1000), '{}'), 'UNKNOWN_TYPE');
  });

  test('huge, long and deep headers', () => {
    assert.equal(refusal('WHO', `{"x":"${'x'.repeat(70_000)}"}`), 'TOO_LONG');
    assert.equal(refusal('RESULT', `{"results":[${'1,'.repeat(500_000)}1]}`), 'TOO_LONG');
    assert.equal(refusal('RESULT', `[${'1,'.repeat(500_000)}1]`), 'TOO_LONG');
    const deep = `${'['.repeat(300_000)}${']'.repeat(300_000)}`;
    assert.notEqual(refusal('RESULT', `{"results":${deep}}`), 'accepted');
    assert.equal(refusal('TASKS', `{"tasks":[],"x":${deep}}`), 'accepted');
  });

  test('paths that a master never sends', () => {
    const task = fakeTask(1);
    const bad = [
      { ...task, part: '/music/song.flac' },
      { ...task, part: '/music/.x\0.f2a-part' },
      { ...task, output: 'relative.opus' },
    ];
    for (const wrong of bad) {
      const header = JSON.stringify({ tasks: [{ attempt, token, task: wrong }] });
      assert.equal(refusal('TASKS', header), 'BAD_HEADER', JSON.stringify(wrong));
    }
  });
});
