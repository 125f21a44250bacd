import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Result } from '#src/lib/result.js';
import type { Reading, StartReading } from '#src/sources/byte-reading.js';
import { headerReading, metadataReading } from '#src/sources/flac-header.js';
import type { FlacHeader } from '#src/sources/flac-header.js';
import type { SourceProblem } from '#src/sources/source.js';
import {
  buildHeader,
  commentBlock,
  makeFlac,
  paddingBlock,
  pictureBlock,
  streamInfoBlock,
} from '../support/flac-builder.js';
import type { BuiltBlock } from '../support/flac-builder.js';

/** Answers from memory; holds every request to the limits of the file and counts what was asked for. */
function drive<T>(bytes: Uint8Array, reading: Reading<T>): { value: T; largest: number } {
  let largest = 0;
  let step = reading.next(bytes);
  while (step.done !== true) {
    const { offset, length } = step.value;
    assert.ok(offset >= 0 && length >= 0 && offset + length <= bytes.length, `${offset}+${length}`);
    largest = Math.max(largest, length);
    step = reading.next(bytes.slice(offset, offset + length));
  }
  return { value: step.value, largest };
}

const headerOf: StartReading<FlacHeader> = (size) => headerReading(size, true);

function read(bytes: Uint8Array): FlacHeader {
  const { value } = drive(bytes, headerOf(bytes.length));
  assert.ok(value.ok, JSON.stringify(value));
  return value.value;
}

const comments = fc.array(
  fc.tuple(fc.stringMatching(/^[A-Z]{1,8}$/), fc.string({ unit: 'binary', maxLength: 40 })),
  { maxLength: 6 },
);
const picture = fc.uint8Array({ maxLength: 200 }).map((data) => pictureBlock({ data }));
const cueSheet = fc.uint8Array({ maxLength: 60 }).map((data): BuiltBlock => ({ type: 5, data }));
const ignored = fc.oneof(
  fc.nat(200).map(paddingBlock),
  fc
    .tuple(fc.constantFrom(2, 3, 7, 126), fc.uint8Array({ maxLength: 40 }))
    .map(([type, data]): BuiltBlock => ({ type, data })),
);

/** A file with one tag block of each kind, some of several. */
const blocks = fc
  .tuple(comments, fc.array(picture, { maxLength: 3 }), fc.array(cueSheet, { maxLength: 1 }))
  .map(([fields, pictures, cues]) => [commentBlock(fields), ...pictures, ...cues]);

const whole = blocks.map((list) => buildHeader([streamInfoBlock(), ...list]));

test('no bytes make a reader throw or ask for more than the file has', () => {
  const mutated = fc
    .tuple(whole, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 12 }), fc.nat())
    .map(([bytes, changes, cut]) => {
      const copy = Buffer.from(bytes);
      for (const [at, byte] of changes) copy[at % copy.length] = byte;
      return copy.subarray(0, cut % 3 === 0 ? cut % copy.length : copy.length);
    });
  const noise = fc.uint8Array({ maxLength: 300 });
  const prefixed = fc
    .tuple(fc.constantFrom('fLaC', 'ID3', 'ID3\x04\0\0\0\0\0'), noise)
    .map(([prefix, bytes]) => Buffer.concat([Buffer.from(prefix), bytes]));
  fc.assert(
    fc.property(fc.oneof(mutated, noise, prefixed), (bytes) => {
      const fast = drive(bytes, headerOf(bytes.length));
      const full = drive(bytes, metadataReading(bytes.length));
      assert.ok(fast.largest <= bytes.length && full.largest <= bytes.length);
      assert.equal(fast.value.ok, full.value.ok);
      assert.deepEqual(identity(fast.value), identity(full.value));
    }),
    { numRuns: 2000 },
  );
});

function identity(result: Result<{ readonly identity: unknown }, SourceProblem>): unknown {
  return result.ok ? result.value.identity : result.error;
}

test('the tags are told apart from their place and from what is not tags', () => {
  const shuffled = blocks.chain((list) =>
    fc.tuple(
      fc.constant(list),
      fc.shuffledSubarray([4, 5, 6], { minLength: 3 }),
      fc.array(ignored, { maxLength: 4 }),
      fc.string({ maxLength: 20 }),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([list, kinds, others, vendor]) => {
      const plain = read(buildHeader([streamInfoBlock(), ...list]));
      const moved = kinds.flatMap((kind) => [...list.filter((b) => b.type === kind), ...others]);
      const renamed = moved.map((block) => (block.type === 4 ? withVendor(block, vendor) : block));
      const other = read(buildHeader([streamInfoBlock(), ...renamed]));
      assert.deepEqual(other.identity, plain.identity);
    }),
  );
});

/** The same fields behind another vendor string. */
function withVendor({ type, data }: BuiltBlock, vendor: string): BuiltBlock {
  const fields = data.subarray(4 + Buffer.from(data).readUInt32LE(0));
  const header = Buffer.from(commentBlock([], { vendor }).data.subarray(0, -4));
  return { type, data: Buffer.concat([header, fields]) };
}

test('any changed byte of a tag, a picture or a cue sheet changes the tags, never the audio', () => {
  fc.assert(
    fc.property(blocks, fc.nat(), fc.integer({ min: 1, max: 255 }), (list, at, flip) => {
      const changeable = list.map((block) => ({ block, from: contentStart(block) }));
      const room = changeable.filter(({ block, from }) => from < block.data.length);
      fc.pre(room.length > 0);
      const { block, from } = room[at % room.length]!;
      const data = Buffer.from(block.data);
      const place = from + (at % (data.length - from));
      data[place] = data[place]! ^ flip;
      const before = read(buildHeader([streamInfoBlock(), ...list]));
      const changed = list.map((one) => (one === block ? { type: block.type, data } : one));
      const after = read(buildHeader([streamInfoBlock(), ...changed]));
      assert.notEqual(after.identity.tagId, before.identity.tagId);
      assert.equal(after.identity.audioId, before.identity.audioId);
    }),
  );
});

/** Behind the vendor string and the number of fields; pictures and cue sheets count from their start. */
function contentStart({ type, data }: BuiltBlock): number {
  return type === 4 ? 8 + Buffer.from(data).readUInt32LE(0) : 0;
}

test('pictures are read in pieces, whatever their size', () => {
  const size = 1_000_000;
  const bytes = makeFlac({ length: 1, pictures: [{ data: Buffer.alloc(size, 7) }] });
  const { largest } = drive(bytes, headerOf(bytes.length));
  assert.ok(largest <= 65_536, `${largest}`);
});
