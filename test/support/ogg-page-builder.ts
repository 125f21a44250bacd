import { PAGE_HEADER_BYTES, writePage } from '#src/task/ogg-page.js';
import type { PageFields } from '#src/task/ogg-page.js';

/** A page with its checksum, in memory of its own. */
export function renderPage(page: PageFields): Buffer {
  const bytes = Buffer.alloc(PAGE_HEADER_BYTES + page.lacing.length + page.body.length);
  writePage(bytes, 0, page);
  return bytes;
}
