import type { FileHandle } from 'node:fs/promises';
import { giveChunk, takeChunk } from '../lib/file-chunks.js';
import { parsePage } from './ogg-page.js';
import type { OggPage } from './ogg-page.js';
import { fillAt } from './read-at.js';

/** Whole pages that lie one behind the other in a file. */
export interface PageRun {
  readonly pages: readonly OggPage[];
  /** All of them as they lie. */
  readonly bytes: Buffer;
  /** Offset in the file behind the last of them. */
  readonly end: number;
}

/**
 * Reads a file page by page, a chunk at a time; a run and its pages are good until the next one is
 * asked for. Ends where no further whole page stands: a file of nothing but pages ends its last run at
 * its size.
 */
export async function* readPages(file: FileHandle, from: number): AsyncGenerator<PageRun> {
  // Longer than any page.
  const chunk = takeChunk();
  try {
    let begun = 0;
    for (let end = from; ;) {
      const room = chunk.subarray(begun);
      const filled = await fillAt(file, room, end + begun);
      const bytes = chunk.subarray(0, begun + filled);
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
      begun = bytes.length - at;
      chunk.copyWithin(0, at, bytes.length);
    }
  } finally {
    giveChunk(chunk);
  }
}
