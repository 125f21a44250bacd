import type { FileHandle } from 'node:fs/promises';
import { giveChunk } from '../lib/file-chunks.js';
import { writeAt } from './read-at.js';

/** What follows a head in a file. */
export interface Tail {
  /** Offset of what was read as the first piece. */
  readonly start: number;
  /** Each piece lies in a chunk that is given back when it was written. */
  readonly chunks: AsyncIterable<Buffer>;
}

/**
 * Replaces the first bytes of a file, in place and with bounded memory. `tail` yields all that shall
 * follow `head`; it is read from the same file, from `tail.start` on, and may be changed on the way
 * but not in length. Nothing is written over before `tail` has yielded it.
 */
export async function replaceHead(file: FileHandle, head: Buffer, tail: Tail): Promise<void> {
  const waiting: Buffer[] = [];
  let readTo = tail.start;
  let writeTo = head.length;
  const writeNext = async (chunk: Buffer): Promise<void> => {
    await writeAt(file, chunk, writeTo);
    writeTo += chunk.length;
    giveChunk(chunk);
  };
  for await (const chunk of tail.chunks) {
    waiting.push(chunk);
    readTo += chunk.length;
    for (let next = waiting[0]; next && writeTo + next.length <= readTo; next = waiting[0]) {
      await writeNext(next);
      waiting.shift();
    }
  }
  for (const chunk of waiting) await writeNext(chunk);
  await writeAt(file, head, 0);
  await file.truncate(writeTo);
}
