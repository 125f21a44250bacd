/** How much of a file is read or moved at a time. */
export const FILE_CHUNK_BYTES: number = 512 * 1024;

/** Beyond these, what is given back is left to the garbage collector. */
const KEPT = 32;
const spare: ArrayBufferLike[] = [];

/**
 * A buffer of `FILE_CHUNK_BYTES` for passing files through, with anything in it. Give it back: the
 * first touch of new memory costs more than reading a file into it.
 */
export function takeChunk(): Buffer {
  const memory = spare.pop();
  return memory === undefined ? Buffer.allocUnsafeSlow(FILE_CHUNK_BYTES) : Buffer.from(memory);
}

/** Gives back the chunk that these bytes are part of. Nobody may use any of it from then on. */
export function giveChunk({ buffer }: Buffer): void {
  if (buffer.byteLength === FILE_CHUNK_BYTES && spare.length < KEPT) spare.push(buffer);
}
