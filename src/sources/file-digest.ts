import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Sha256 } from '../lib/brand.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import { OPEN_FLAGS, problemOf } from './byte-reading.js';
import type { SourceProblem } from './source.js';

const CHUNK_BYTES = 1024 * 1024;

/** SHA-256 of a file's bytes. Rejects with the signal's reason when it is aborted. */
export async function sha256OfFile(
  path: string,
  signal?: AbortSignal,
): Promise<Result<Sha256, SourceProblem>> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, OPEN_FLAGS);
    return ok(await digest(file, signal));
  } catch (error) {
    signal?.throwIfAborted();
    return err(problemOf(error));
  } finally {
    await file?.close();
  }
}

async function digest(file: FileHandle, signal: AbortSignal | undefined): Promise<Sha256> {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  for (;;) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, null);
    if (bytesRead === 0) return hash.digest('hex') as Sha256;
    hash.update(chunk.subarray(0, bytesRead));
  }
}
