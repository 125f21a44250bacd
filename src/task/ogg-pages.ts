import type { FileHandle } from 'node:fs/promises';
import { giveChunk, takeChunk } from '../lib/file-chunks.js';
import { parsePage } from './ogg-page.js';
import type { OggPage } from './ogg-page.js';
import { fillAt } from './read-at.js';

/** Whole pages that lie one behind the other in a file. */
export interface PageRun {
  readonly pages: readonly OggPage[];
  /** All of them as they lie, in a chunk that may be given back; the pages are good until then. */
  readonly bytes: Buffer;
  /** Offset in the file behind the last of them. */
  readonly end: number;
}

/**
 * Reads a file page by page, a chunk at a time. Ends where no further whole page stands: a file of
 * nothing but pages ends its last run at its size.
 */
export async function* readPages(file: FileHandle, from: number): AsyncGenerator<PageRun> {
  let rest = Buffer.alloc(0);
  for (let end = from; ;) {
    // Longer than any page.
    const chunk = takeChunk();
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
    const isLast = page === 'broken' || filled < room.length;
    // Not where it lies: the chunk is for who takes the run.
    if (!isLast) rest = Buffer.from(bytes.subarray(at));
    if (pages.length > 0) yield { pages, bytes: bytes.subarray(0, at), end };
    else giveChunk(chunk);
    if (isLast) return;
  }
}
