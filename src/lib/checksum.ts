import { createHash, hash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Sha256 } from './brand.js';
import { giveChunk, takeChunk } from './file-chunks.js';
import { READ_FLAGS } from './read-flags.js';

/**
 * Small, so that little of it has to be mapped anew after each start of a program (fork), and it stays
 * in the cache of its CPU.
 */
const SYNC_CHUNK_BYTES = 128 * 1024;

/** SHA-256 of a text's UTF-8, or of bytes. */
export function sha256Of(content: string | Uint8Array): Sha256 {
  return hash('sha256', content, 'hex') as Sha256;
}

/**
 * SHA-256 of a file's content, read a chunk at a time. Rejects with system errors, and with
 * the signal's reason when it is aborted.
 */
export async function sha256OfFile(path: string, signal?: AbortSignal): Promise<Sha256> {
  await using file = await open(path, READ_FLAGS);
  const digest = createHash('sha256');
  const chunk = takeChunk();
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
      if (bytesRead === 0) return digest.digest('hex') as Sha256;
      digest.update(chunk.subarray(0, bytesRead));
    }
  } finally {
    giveChunk(chunk);
  }
}

/** The same for a thread that does nothing else: no turn of the event loop for each piece. Throws system errors. */
export function sha256OfFileSync(path: string): Sha256 {
  const file = openSync(path, READ_FLAGS);
  try {
    const digest = createHash('sha256');
    const chunk = Buffer.allocUnsafeSlow(SYNC_CHUNK_BYTES);
    for (;;) {
      const length = readSync(file, chunk);
      if (length === 0) return digest.digest('hex') as Sha256;
      digest.update(chunk.subarray(0, length));
    }
  } finally {
    closeSync(file);
  }
}
