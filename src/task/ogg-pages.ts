import type { FileHandle } from 'node:fs/promises';
import { parsePage } from './ogg-page.js';
import type { OggPage } from './ogg-page.js';
import { readChunks } from './read-at.js';

/** Whole pages that lie one behind the other in a file. */
export interface PageRun {
  readonly pages: readonly OggPage[];
  /** Offset in the file behind the last of them. */
  readonly end: number;
}

/**
 * Reads a file page by page, some hundred kilobytes at a time. Ends where no further whole page
 * stands: a file of nothing but pages ends its last run at its size.
 */
export async function* readPages(file: FileHandle, from: number): AsyncGenerator<PageRun> {
  let rest: Buffer = Buffer.alloc(0);
  let end = from;
  for await (const chunk of readChunks(file, from)) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const pages: OggPage[] = [];
    let at = 0;
    let page = parsePage(bytes, at);
    while (typeof page === 'object') {
      pages.push(page);
      at += page.bytes.length;
      page = parsePage(bytes, at);
    }
    end += at;
    if (pages.length > 0) yield { pages, end };
    if (page === 'broken') return;
    rest = bytes.subarray(at);
  }
}
