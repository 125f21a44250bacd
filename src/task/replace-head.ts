import type { FileHandle } from 'node:fs/promises';
import { giveChunk, takeChunk } from '../lib/file-chunks.js';
import { writeAt } from './read-at.js';

/** What follows a head in a file. */
export interface Tail {
  /** Offset of what was read as the first chunk. */
  readonly start: number;
  /** Up to `FILE_CHUNK_BYTES` each, good until the next one is asked for. */
  readonly chunks: AsyncIterable<Buffer>;
}

/**
 * Replaces the first bytes of a file, in place and with bounded memory. `tail` yields all that shall
 * follow `head`; it is read from the same file, from `tail.start` on, and may be changed on the way
 * but not in length. Nothing is written over before `tail` has yielded it.
 */
export async function replaceHead(file: FileHandle, head: Buffer, tail: Tail): Promise<void> {
  const waiting: KeptChunk[] = [];
  let readTo = tail.start;
  let writeTo = head.length;
  const writeNext = async (bytes: Buffer): Promise<void> => {
    await writeAt(file, bytes, writeTo);
    writeTo += bytes.length;
  };
  for await (const bytes of tail.chunks) {
    readTo += bytes.length;
    if (waiting.length === 0 && writeTo + bytes.length <= readTo) {
      await writeNext(bytes);
      continue;
    }
    waiting.push(new KeptChunk(bytes));
    for (let next = waiting[0]; next && writeTo + next.bytes.length <= readTo; next = waiting[0]) {
      await writeNext(next.bytes);
      next.dispose();
      waiting.shift();
    }
  }
  for (const chunk of waiting) {
    await writeNext(chunk.bytes);
    chunk.dispose();
  }
  await writeAt(file, head, 0);
  await file.truncate(writeTo);
}

/** Bytes that have to wait until there is room for them. */
class KeptChunk {
  readonly bytes: Buffer;
  readonly #chunk = takeChunk();

  constructor(bytes: Buffer) {
    this.bytes = this.#chunk.subarray(0, bytes.copy(this.#chunk));
  }

  dispose(): void {
    giveChunk(this.#chunk);
  }
}
