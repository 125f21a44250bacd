/** How much of a file is read or moved at a time. */
export const FILE_CHUNK_BYTES: number = 1024 * 1024;

/** Beyond these, what is given back is left to the garbage collector. */
const KEPT = 16;
const spare: Buffer[] = [];

/**
 * A buffer of `FILE_CHUNK_BYTES` for passing files through. Give it back: the first touch of new memory
 * costs more than reading a file into it.
 */
export function takeChunk(): Buffer {
  return spare.pop() ?? Buffer.allocUnsafeSlow(FILE_CHUNK_BYTES);
}

/** For the next one; whoever gives a chunk back has nothing left that lies in it. */
export function giveChunk(chunk: Buffer): void {
  if (spare.length < KEPT) spare.push(chunk);
}
