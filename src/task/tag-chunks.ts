import type { FileHandle } from 'node:fs/promises';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { Id3Version } from './id3-frame.js';
import { renderId3 } from './id3-tag.js';
import { readAt, writeAt } from './read-at.js';
import type { TagContent } from './tag-content.js';

/*
 * AIFF and WAV are rows of chunks within one that spans the file. Both carry an ID3v2 tag as a chunk of
 * its own, behind the audio, so that nothing else moves.
 */

const HEADER_BYTES = 8;
const FORM_BYTES = 12;

/** What AIFF and WAV differ in. */
interface ChunkFormat {
  readonly tag: string;
  readonly bigEndian: boolean;
}

/** AIFF. */
export const aiffChunks: ChunkFormat = { tag: 'ID3 ', bigEndian: true };
/** WAV, and RF64 where it is longer than 4 GiB. */
export const wavChunks: ChunkFormat = { tag: 'id3 ', bigEndian: false };

/** Replaces the ID3v2 tag at the end of the file, in place. */
export async function tagChunks(
  file: FileHandle,
  format: ChunkFormat,
  { content, version }: { readonly content: TagContent; readonly version: Id3Version },
): Promise<Result<void, string>> {
  const tag = renderId3(content, version);
  if (!tag.ok) return tag;
  const { size } = await file.stat();
  const end = await audioEnd(file, size, format);
  if (end === undefined) return err('its chunks do not fill it');
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(format.tag, 'latin1');
  header.set(sizeBytes(tag.value.length, format), 4);
  const padding = Buffer.alloc(tag.value.length % 2);
  const chunk = Buffer.concat([header, tag.value, padding]);
  await writeAt(file, chunk, end);
  await file.truncate(end + chunk.length);
  return await setLength(file, end + chunk.length - HEADER_BYTES, format);
}

/** Where the last chunk that is no tag ends. */
async function audioEnd(
  file: FileHandle,
  size: number,
  format: ChunkFormat,
): Promise<number | undefined> {
  const large = await largeSizes(file);
  for (let at = FORM_BYTES; at < size;) {
    const header = await readAt(file, at, HEADER_BYTES);
    if (header.length < HEADER_BYTES) return undefined;
    const name = header.toString('latin1', 0, 4);
    if (name === format.tag) return at;
    const stated = getSize(header, 4, format);
    const length = name === 'data' && large !== undefined ? large.data : stated;
    at += HEADER_BYTES + length + (length % 2);
    if (at >= size) return at - size <= 1 ? at : undefined;
  }
  return size;
}

const RF64_AT = { form: 20, data: 28 } as const;

/** The sizes that RF64 keeps in its first chunk. */
async function largeSizes(file: FileHandle): Promise<{ readonly data: number } | undefined> {
  const head = await readAt(file, 0, RF64_AT.data + 8);
  if (head.toString('latin1', 0, 4) !== 'RF64' || head.length < RF64_AT.data + 8) return undefined;
  return { data: Number(head.readBigUInt64LE(RF64_AT.data)) };
}

async function setLength(
  file: FileHandle,
  length: number,
  format: ChunkFormat,
): Promise<Result<void, string>> {
  const isLarge = (await largeSizes(file)) !== undefined;
  if (!isLarge && length > 0xffff_ffff) return err('it would be over 4 GiB with its tags');
  const large = Buffer.alloc(8);
  large.writeBigUInt64LE(BigInt(length));
  const bytes = isLarge ? large : sizeBytes(length, format);
  await writeAt(file, bytes, isLarge ? RF64_AT.form : 4);
  return ok(undefined);
}

function getSize(bytes: Buffer, at: number, { bigEndian }: ChunkFormat): number {
  return bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
}

function sizeBytes(size: number, { bigEndian }: ChunkFormat): Buffer {
  const bytes = Buffer.alloc(4);
  if (bigEndian) bytes.writeUInt32BE(size);
  else bytes.writeUInt32LE(size);
  return bytes;
}
