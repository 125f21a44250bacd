import type { FileHandle } from 'node:fs/promises';
import { ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { ID3V2_HEADER_BYTES, id3v2Length } from '../sources/id3v2.js';
import type { Id3Version } from './id3-frame.js';
import { renderId3 } from './id3-tag.js';
import { readAt, readChunks } from './read-at.js';
import { replaceHead } from './replace-head.js';
import type { TagContent } from './tag-content.js';

/** Replaces the ID3v2 tag at the start of an MP3 file, in place. */
export async function tagMp3(
  file: FileHandle,
  content: TagContent,
  version: Id3Version,
): Promise<Result<void, string>> {
  const tag = renderId3(content, version);
  if (!tag.ok) return tag;
  const start = id3v2Length(await readAt(file, 0, ID3V2_HEADER_BYTES));
  await replaceHead(file, tag.value, { start, chunks: readChunks(file, start) });
  return ok(undefined);
}
