import { createHash, hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Sha256 } from './brand.js';
import { READ_FLAGS } from './read-flags.js';

const CHUNK_BYTES = 1024 * 1024;
/** Buffers that nobody uses now: new ones for each file would keep the garbage collector busy. */
const spare: Buffer[] = [];

/** SHA-256 of a text's UTF-8, or of bytes. */
export function sha256Of(content: string | Uint8Array): Sha256 {
  return hash('sha256', content, 'hex') as Sha256;
}

/**
 * SHA-256 of a file's content, read 1 MiB at a time. Rejects with system errors, and with
 * the signal's reason when it is aborted.
 */
export async function sha256OfFile(path: string, signal?: AbortSignal): Promise<Sha256> {
  await using file = await open(path, READ_FLAGS);
  const digest = createHash('sha256');
  const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, null);
      if (bytesRead === 0) return digest.digest('hex') as Sha256;
      digest.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    spare.push(buffer);
  }
}
