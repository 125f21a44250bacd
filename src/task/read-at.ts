import type { FileHandle } from 'node:fs/promises';
import { giveChunk, takeChunk } from '../lib/file-chunks.js';

/** The bytes at an offset; fewer only where the file ends before. */
export async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  return buffer.subarray(0, await fillAt(file, buffer, offset));
}

/** Fills a buffer from an offset on; returns how many bytes that were, fewer only at the file's end. */
export async function fillAt(file: FileHandle, buffer: Buffer, offset: number): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

/** The rest of a file from an offset, each piece in a chunk that may be given back. */
export async function* readChunks(file: FileHandle, from: number): AsyncGenerator<Buffer> {
  for (let offset = from; ;) {
    const chunk = takeChunk();
    const filled = await fillAt(file, chunk, offset);
    if (filled === 0) return giveChunk(chunk);
    yield chunk.subarray(0, filled);
    offset += filled;
  }
}

/** Writes all bytes at an offset. */
export async function writeAt(file: FileHandle, bytes: Buffer, offset: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, offset + done);
    done += bytesWritten;
  }
}
