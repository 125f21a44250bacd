import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { decodeText } from '#src/manifest/decode.js';

test('UTF-8 is taken as it is, without its byte order mark', () => {
  const bytes = Buffer.from('\uFEFFsource: /Musik/Ärzte \u{1F3B5} \uFFFD');
  assert.deepEqual(decodeText(bytes, 'f'), {
    ok: true,
    value: 'source: /Musik/Ärzte \u{1F3B5} \uFFFD',
  });
});

test('points at the first byte of another encoding, not at a real replacement character', () => {
  const bytes = Buffer.concat([
    Buffer.from('a: "\uFFFD"\nb: J'),
    Buffer.from([0xe9]),
    Buffer.from('s'),
  ]);
  const result = decodeText(bytes, 'f.yaml');
  assert.ok(!result.ok);
  assert.equal(result.error.code, 'MANIFEST_NOT_TEXT');
  assert.match(result.error.message, /^f\.yaml is not UTF-8/);
  assert.deepEqual([result.error.location?.line, result.error.location?.column], [2, 5]);
});

test('a NUL byte is no text', () => {
  const result = decodeText(Buffer.from('a: 1\nb\0'), 'f.yaml');
  assert.ok(!result.ok);
  assert.deepEqual([result.error.location?.line, result.error.location?.column], [2, 2]);
});

for (const mark of [
  [0xff, 0xfe],
  [0xfe, 0xff],
]) {
  test(`UTF-16 (${mark.join(' ')}) is named as such`, () => {
    const result = decodeText(Buffer.from([...mark, 0x61, 0]), 'f.yaml');
    assert.ok(!result.ok);
    assert.match(result.error.message, /UTF-16/);
  });
}

test('any bytes are either their own UTF-8 text or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const result = decodeText(bytes, 'f');
      if (!result.ok) return;
      const again = Buffer.from(result.value);
      const bom = again.length === bytes.length ? 0 : 3;
      assert.deepEqual([...again], [...bytes.subarray(bom)]);
    }),
  );
});
