import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { EndlessWav } from '#src/task/endless-wav.js';

/** What flac writes with --force-rf64-format: the length only in ds64, data padded to even. */
function rf64(channels: number, bytes: number, data: Uint8Array): Buffer {
  const format = Buffer.alloc(24);
  format.write('fmt ', 'latin1');
  format.writeUInt32LE(16, 4);
  format.writeUInt16LE(1, 8);
  format.writeUInt16LE(channels, 10);
  format.writeUInt16LE(channels * bytes, 20);
  const sizes = Buffer.alloc(36);
  sizes.write('ds64', 'latin1');
  sizes.writeUInt32LE(28, 4);
  const pad = Buffer.alloc(data.length % 2);
  const head = [Buffer.from('RF64\xff\xff\xff\xffWAVE', 'latin1'), sizes, format];
  return Buffer.concat([...head, Buffer.from('data\xff\xff\xff\xff', 'latin1'), data, pad]);
}

it('hands on all audio behind a header without a length, and counts it', async () => {
  const shape = fc.record({
    channels: fc.integer({ min: 1, max: 8 }),
    bytes: fc.integer({ min: 1, max: 4 }),
    frames: fc.integer({ min: 0, max: 400 }),
    chunk: fc.integer({ min: 1, max: 500 }),
  });
  await fc.assert(
    fc.asyncProperty(shape, async ({ channels, bytes, frames, chunk }) => {
      const data = Uint8Array.from({ length: frames * channels * bytes }, (_, index) => index);
      const input = rf64(channels, bytes, data);
      const chunks = Array.from({ length: Math.ceil(input.length / chunk) }, (_, index) =>
        input.subarray(index * chunk, (index + 1) * chunk),
      );
      const wav = new EndlessWav(frames);
      const output = await buffer(Readable.from(chunks).pipe(wav));
      assert.equal(wav.frames, frames);
      assert.equal(output.toString('latin1', 0, 16), 'RIFF\xff\xff\xff\xffWAVEfmt ');
      assert.equal(output.toString('latin1', 36, 44), 'data\xff\xff\xff\xff');
      const audio = output.subarray(44);
      assert.ok(audio.subarray(0, data.length).equals(data));
      assert.equal(Math.floor(audio.length / (channels * bytes)), frames);
    }),
  );
});

it('says so when the decoder writes something else', async () => {
  const wav = new EndlessWav(undefined);
  await assert.rejects(buffer(Readable.from([Buffer.alloc(10_000, 0xff)]).compose(wav)), {
    message: 'the decoder wrote no RF64 header',
  });
});
