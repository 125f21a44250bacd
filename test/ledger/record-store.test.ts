import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ImageReader, ImageWriter } from '#src/ledger/image-parts.js';
import { hashOf, Integers, RecordStore } from '#src/ledger/record-store.js';

function again<T>(
  stored: { readonly save: (to: ImageWriter) => void },
  restore: (from: ImageReader) => T,
): T {
  const image = new ImageWriter();
  stored.save(image);
  return restore(new ImageReader(Buffer.concat(image.parts), 0));
}

test('there may be more integers than can be expected, or were saved', () => {
  const most = 2 ** 22;
  const fresh = new Integers(most);
  for (let value = 0; value < most; value += 1) fresh.push(value);
  for (const integers of [fresh, again(fresh, (from) => Integers.restore(from))]) {
    for (let value = most; value < most + 3; value += 1) integers.push(value);
    assert.equal(integers.length, most + 3);
    for (const at of [0, most - 1, most, most + 2]) assert.equal(integers.at(at), at);
  }
});

test('records are found however often the store was saved, and grows on', () => {
  let store = new RecordStore();
  const record = (number: number): Buffer => Buffer.from(`${number} `.repeat(20));
  const ask = (number: number): number => {
    const bytes = record(number);
    return store.find(hashOf(bytes, 0, bytes.length), bytes, bytes.length);
  };
  for (let number = 0; number < 30_000; number += 1) {
    if (number % 7000 === 0) store = again(store, (from) => RecordStore.restore(from));
    const bytes = record(number);
    assert.equal(ask(number), -1);
    assert.equal(store.add(hashOf(bytes, 0, bytes.length), bytes, bytes.length), number);
  }
  for (let number = 0; number < 30_000; number += 1) assert.equal(ask(number), number);
});

test('what was never written is not saved as it happened to be in memory', () => {
  const saved = (): Buffer => {
    const store = new RecordStore();
    const bytes = Buffer.alloc(30_000, 7);
    for (let number = 0; number < 100; number += 1) store.add(number, bytes, bytes.length);
    const image = new ImageWriter();
    store.save(image);
    return Buffer.concat(image.parts);
  };
  const first = saved();
  for (let times = 0; times < 20; times += 1) Buffer.allocUnsafeSlow(1024 * 1024).fill(9);
  assert.ok(first.equals(saved()));
  assert.ok(!first.includes(Buffer.alloc(100, 9)));
});
