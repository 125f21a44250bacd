import type { CommentField, Picture } from '../sources/flac-metadata.js';

/** A Vorbis comment: length words are 32-bit, little endian; without any framing bit. */
export function renderComment(vendor: Buffer, fields: readonly CommentField[]): Buffer {
  return Buffer.concat(commentParts(vendor, fields));
}

/** The same in pieces, one behind the other. */
export function commentParts(vendor: Buffer, fields: readonly CommentField[]): readonly Buffer[] {
  const parts = [word(vendor.length), vendor, word(fields.length)];
  for (const { name, value } of fields) {
    const text = Buffer.from(`${name}=${value}`, 'utf8');
    parts.push(word(text.length), text);
  }
  return parts;
}

/** The vendor string at the start of a Vorbis comment; `undefined` when it does not fit. */
export function vendorOf(comment: Buffer): Buffer | undefined {
  if (comment.length < 4) return undefined;
  const end = 4 + comment.readUInt32LE(0);
  return end > comment.length ? undefined : comment.subarray(4, end);
}

/** The content of a FLAC PICTURE block, which Ogg carries too, as a field in Base64. */
export function renderPicture(picture: Picture): Buffer {
  const mime = Buffer.from(picture.mime, 'latin1');
  const description = Buffer.from(picture.description, 'utf8');
  const numbers = [picture.width, picture.height, picture.depth, picture.colors];
  return Buffer.concat([
    bigWord(picture.type),
    bigWord(mime.length),
    mime,
    bigWord(description.length),
    description,
    ...numbers.map(bigWord),
    bigWord(picture.data.length),
    picture.data,
  ]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function bigWord(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
