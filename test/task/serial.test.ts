import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AudioId } from '#src/sources/identity.js';
import { streamSerial } from '#src/task/serial.js';
import { audio, opusRecipe } from '../support/plan-case.js';

test('a serial depends on audio and audio recipe, and on the order of no keys', () => {
  const recipe = opusRecipe.audio;
  const serial = streamSerial(audio('a'), recipe);
  const { codec, options, args, limits } = recipe;
  assert.equal(streamSerial(audio('a'), { limits, args, options, codec }), serial);
  assert.notEqual(streamSerial(audio('b'), recipe), serial);
  assert.notEqual(streamSerial(audio('a'), { ...recipe, args: ['-x'] }), serial);
});

test('a serial is what Ogg takes', () => {
  for (let index = 0; index < 1000; index += 1) {
    const serial = streamSerial(`sha256:${index}` as AudioId, opusRecipe.audio);
    assert.ok(Number.isInteger(serial) && serial > 0 && serial < 0xffff_ffff);
  }
});
