import type { FileHandle } from 'node:fs/promises';
import { ID3V2_HEADER_BYTES, id3v2Length } from '../sources/id3v2.js';
import { readAt } from './read-at.js';

/** Text stands in front of pictures, mostly. */
const MAX_BYTES = 1024 * 1024;
const UNSYNCHRONISED = 0x80;
const EXTENDED_HEADER = 0x40;

/** The first value of a text frame in the ID3v2.3 or 2.4 tag that a file begins with. */
export async function readId3Text(file: FileHandle, frame: string): Promise<string | undefined> {
  const head = await readAt(file, 0, ID3V2_HEADER_BYTES);
  const length = Math.min(id3v2Length(head), MAX_BYTES);
  const [, , , version, , flags = 0] = head;
  const isPlain = (flags & (UNSYNCHRONISED | EXTENDED_HEADER)) === 0;
  if (length === 0 || (version !== 3 && version !== 4) || !isPlain) return undefined;
  const tag = await readAt(file, 0, length);
  for (let at = ID3V2_HEADER_BYTES; at + 10 <= tag.length;) {
    const size = version === 4 ? syncSafe(tag, at + 4) : tag.readUInt32BE(at + 4);
    const end = at + 10 + size;
    if (tag.toString('latin1', at, at + 4) === frame)
      return end > tag.length ? undefined : textOf(tag.subarray(at + 10, end));
    at = end;
  }
  return undefined;
}

function syncSafe(bytes: Buffer, at: number): number {
  return bytes.subarray(at, at + 4).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
}

/** By the byte in front: Latin-1, UTF-16 with or without a mark, UTF-8. */
function textOf(body: Buffer): string | undefined {
  const text = decoded(body);
  return text?.replace(/^\ufeff/, '').split('\0', 1)[0];
}

function decoded(body: Buffer): string | undefined {
  const text = body.subarray(1);
  switch (body[0]) {
    case 0:
      return text.toString('latin1');
    case 1:
    case 2: {
      const isBig = body[0] === 2 || (text[0] === 0xfe && text[1] === 0xff);
      const even = Buffer.from(text.subarray(0, text.length & ~1));
      return (isBig ? even.swap16() : even).toString('utf16le');
    }
    case 3:
      return text.toString('utf8');
    default:
      return undefined;
  }
}
