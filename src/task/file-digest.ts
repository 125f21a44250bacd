import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Sha256 } from '../lib/brand.js';

const CHUNK_BYTES = 1024 * 1024;

/** SHA-256 of a file's bytes, read with one buffer. Rejects with system errors. */
export async function fileDigest(path: string): Promise<Sha256> {
  await using file = await open(path, 'r');
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return hash.digest('hex') as Sha256;
    hash.update(buffer.subarray(0, bytesRead));
  }
}
