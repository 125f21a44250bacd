import { parentPort } from 'node:worker_threads';
import { sha256OfFileSync } from './checksum.js';
import { errorCode, errorMessage } from './failure.js';

/** A file for a thread to read. */
export interface ChecksumOrder {
  readonly id: number;
  readonly path: string;
}

/** Its SHA-256, or why it cannot be read, with the system's code where it has one. */
export type ChecksumAnswer =
  | { readonly id: number; readonly sha256: string }
  | { readonly id: number; readonly error: string; readonly code: string | undefined };

parentPort?.on('message', ({ id, path }: ChecksumOrder) => {
  try {
    answer({ id, sha256: sha256OfFileSync(path) });
  } catch (error) {
    answer({ id, error: errorMessage(error), code: errorCode(error) });
  }
});

function answer(text: ChecksumAnswer): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(text);
}
