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

describe('recipes that a master never sends', () => {
  const { recipe } = fakeTask(1);
  const { audio, tags } = recipe;
  const bad = [
    { audio: { ...audio, codec: '-y' }, tags },
    { audio: { ...audio, codec: 'ffmpeg:-y' }, tags },
    { audio: { ...audio, extension: '../x' }, tags },
    { audio: { ...audio, limits: { sampleRate: '44100:out_sample_fmt=u8' } }, tags },
    { audio: { ...audio, limits: { channels: 99 } }, tags },
    { audio: { ...audio, args: ['a\0b'] }, tags },
    { audio, tags: { id3: '9' } },
    { audio, tags: { ...tags, keep: 'TITLE' } },
    { audio, tags: { ...tags, set: { GENRE: 'x' } } },
    { audio, tags: { ...tags, pictures: { maxSize: '600:eval=frame' } } },
  ];
  for (const wrong of bad) {
    test(JSON.stringify(wrong).slice(0, 120), () => {
      const task = { ...fakeTask(1), recipe: wrong };
      const header = JSON.stringify({ tasks: [{ attempt, token, task }] });
      assert.equal(refusal('TASKS', header), 'BAD_HEADER');
    });
  }
});

describe('the look at storage', () => {
  const id = 'a'.repeat(32);
  const root = { name: 'music', path: '/music', use: 'source' };
  const witness = { path: '/music/a.flac', stat: '1:2:3:4' };
  const probe = (one: object): string => refusal('PROBE', JSON.stringify({ id, roots: [one] }));
  const probed = (more: object): string =>
    refusal('PROBED', JSON.stringify({ id, clockMs: 1, roots: [{ ...root, ...more }] }));

  test('is asked and answered in known forms only', () => {
    assert.equal(probe(root), 'accepted');
    assert.equal(probe({ ...root, path: '/', witness }), 'accepted');
    assert.equal(probed({ freeBytes: 1, caseSensitive: true }), 'accepted');
    const wrong = [
      { ...root, path: '/music/../etc' },
      { ...root, path: 'music' },
      { ...root, use: 'delete' },
      { ...root, witness: { ...witness, path: '/music/../etc/shadow' } },
      { ...root, witness: { ...witness, nonce: 'short' } },
      { ...root, witness: { ...witness, scratch: '../.x.f2a-part' } },
      { ...root, witness: { ...witness, scratch: 'passwd' } },
    ];
    for (const one of wrong) assert.equal(probe(one), 'BAD_HEADER', JSON.stringify(one));
    for (const more of [{ problem: '' }, { problem: 'x'.repeat(5000) }, { freeBytes: -1 }]) {
      assert.equal(probed(more), 'BAD_HEADER', JSON.stringify(more).slice(0, 80));
    }
    assert.equal(refusal('PROBED', '{"id":"x","clockMs":1,"roots":[]}'), 'BAD_HEADER');
  });

  test('rest is told in words, and is no list of anything else', () => {
    assert.equal(refusal('HB', '{"held":[],"resting":"night","returned":["7.1"]}'), 'accepted');
    assert.equal(refusal('HB', '{"held":[],"resting":""}'), 'BAD_HEADER');
    assert.equal(refusal('HB', '{"held":[],"returned":["x"]}'), 'BAD_HEADER');
    assert.equal(refusal('HB', `{"held":[],"resting":"${'x'.repeat(301)}"}`), 'BAD_HEADER');
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
      { ...task, output: '/music/../etc/passwd' },
      { ...task, output: '/music//x.opus' },
      { ...task, output: '/music/x.opus/' },
      { ...task, output: '/music/./x.opus' },
      { ...task, part: '/music/../etc/.x.f2a-part' },
      { ...task, source: { ...task.source, path: '/music/..' } },
      { ...task, reuse: { path: '../x', sha256: token.repeat(2), audioId: '', encoder: '' } },
    ];
    for (const wrong of bad) {
      const header = JSON.stringify({ tasks: [{ attempt, token, task: wrong }] });
      assert.equal(refusal('TASKS', header), 'BAD_HEADER', JSON.stringify(wrong));
    }
  });
});
