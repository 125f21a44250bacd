import type { FileHandle } from 'node:fs/promises';
import { parsePage } from './ogg-page.js';
import type { OggPage } from './ogg-page.js';
import { fillAt } from './read-at.js';

/** More than any page has. */
const CHUNK_BYTES = 1024 * 1024;

/** Whole pages that lie one behind the other in a file. */
export interface PageRun {
  readonly pages: readonly OggPage[];
  /** All of them as they lie. */
  readonly bytes: Buffer;
  /** Offset in the file behind the last of them. */
  readonly end: number;
}

/**
 * Reads a file page by page, a megabyte at a time, each in memory of its own. Ends where no further
 * whole page stands: a file of nothing but pages ends its last run at its size.
 */
export async function* readPages(file: FileHandle, from: number): AsyncGenerator<PageRun> {
  let rest = Buffer.alloc(0);
  for (let end = from; ;) {
    const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    rest.copy(chunk);
    const room = chunk.subarray(rest.length);
    const filled = await fillAt(file, room, end + rest.length);
    const bytes = chunk.subarray(0, rest.length + filled);
    const pages: OggPage[] = [];
    let at = 0;
    let page = parsePage(bytes, at);
    while (typeof page === 'object') {
      pages.push(page);
      at += page.bytes.length;
      page = parsePage(bytes, at);
    }
    end += at;
    if (pages.length > 0) yield { pages, bytes: bytes.subarray(0, at), end };
    if (page === 'broken' || filled < room.length) return;
    rest = bytes.subarray(at);
  }
}
