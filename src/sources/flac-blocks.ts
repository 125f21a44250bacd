import { isUtf8 } from 'node:buffer';
import type { CommentField, Picture, StreamInfo } from './flac-metadata.js';

/** Block types of RFC 9639, section 8.1, as far as this program reads them. */
export const BlockType = {
  streamInfo: 0,
  vorbisComment: 4,
  cueSheet: 5,
  picture: 6,
  /** Forbidden, so that a block header never looks like a frame. */
  forbidden: 127,
} as const;

const blockNames: readonly string[] = [
  'STREAMINFO',
  'PADDING',
  'APPLICATION',
  'SEEKTABLE',
  'VORBIS_COMMENT',
  'CUESHEET',
  'PICTURE',
];

/** What the RFC calls a block type. */
export function blockName(type: number): string {
  return blockNames[type] ?? `metadata (type ${type})`;
}

/** Behind the marker `fLaC` and the header of the first block. */
export const STREAM_INFO_AT = 8;
/** The content of the STREAMINFO block. */
export const STREAM_INFO_BYTES = 34;

/** Takes a STREAMINFO block apart; `block` has at least 34 bytes. */
export function parseStreamInfo(block: Uint8Array): StreamInfo {
  const bytes = bufferOf(block);
  const packed = bytes.readUInt32BE(10);
  return {
    sampleRate: packed >>> 12,
    channels: ((packed >>> 9) & 0b111) + 1,
    bits: ((packed >>> 4) & 0b11111) + 1,
    samples: (packed & 0b1111) * 2 ** 32 + bytes.readUInt32BE(14),
    md5: bytes.toString('hex', 18, STREAM_INFO_BYTES),
  };
}

/** Where the fields of a VORBIS_COMMENT block lie; lenient, so that wrong counts lose nothing that is there. */
export interface CommentLayout {
  /** Start of each field's text and its end, alternating. */
  readonly bounds: readonly number[];
  /** The bytes of all fields with their length words; without the vendor string. */
  readonly fields: Uint8Array;
  readonly warnings: readonly string[];
}

/** Finds the fields of a VORBIS_COMMENT block without decoding them. */
export function layOutComments(block: Uint8Array): CommentLayout {
  const bytes = bufferOf(block);
  const vendorEnd = bytes.length < 4 ? undefined : 4 + bytes.readUInt32LE(0);
  if (vendorEnd === undefined || vendorEnd + 4 > bytes.length) {
    const warnings = ['the VORBIS_COMMENT block ends inside its vendor string; no tags read'];
    return { bounds: [], fields: bytes.subarray(0, 0), warnings };
  }
  const count = bytes.readUInt32LE(vendorEnd);
  const start = vendorEnd + 4;
  const bounds: number[] = [];
  let at = start;
  while (bounds.length < count * 2 && at + 4 <= bytes.length) {
    const end = at + 4 + bytes.readUInt32LE(at);
    if (end > bytes.length) break;
    bounds.push(at + 4, end);
    at = end;
  }
  const found = bounds.length / 2;
  const warnings =
    found === count ? [] : [`VORBIS_COMMENT announces ${count} fields, ${found} are there`];
  return { bounds, fields: bytes.subarray(start, at), warnings };
}

/** Decodes the fields of a block: UTF-8, with replacement characters where it is not. */
export function decodeComments(
  block: Uint8Array,
  layout: CommentLayout,
): { readonly comments: readonly CommentField[]; readonly warnings: readonly string[] } {
  const bytes = bufferOf(block);
  const comments: CommentField[] = [];
  const warnings: string[] = [];
  for (let index = 0; index < layout.bounds.length; index += 2) {
    const start = layout.bounds[index] ?? 0;
    const text = bytes.toString('utf8', start, layout.bounds[index + 1]);
    const equals = text.indexOf('=');
    if (equals < 1) warnings.push(`a tag without a name or "=" is left out: ${quote(text)}`);
    else comments.push({ name: text.slice(0, equals), value: text.slice(equals + 1) });
  }
  if (!isUtf8(layout.fields) && !fieldsAreUtf8(bytes, layout.bounds)) {
    warnings.push('a tag is not UTF-8; its other bytes are replaced by U+FFFD');
  }
  return { comments, warnings };
}

/** The length words between fields need not be UTF-8, so a block that fails is looked at by field. */
function fieldsAreUtf8(bytes: Buffer, bounds: readonly number[]): boolean {
  for (let index = 0; index < bounds.length; index += 2) {
    if (!isUtf8(bytes.subarray(bounds[index], bounds[index + 1]))) return false;
  }
  return true;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}

/** Takes a PICTURE block apart; `undefined` when its inner lengths reach beyond the block. */
export function parsePicture(block: Uint8Array): Picture | undefined {
  const bytes = bufferOf(block);
  const mime = span(bytes, 4);
  if (mime === undefined) return undefined;
  const description = span(bytes, mime.end);
  if (description === undefined) return undefined;
  const shape = description.end;
  const data = span(bytes, shape + 16);
  if (data === undefined) return undefined;
  return {
    type: bytes.readUInt32BE(0),
    mime: bytes.toString('latin1', mime.start, mime.end),
    description: bytes.toString('utf8', description.start, description.end),
    width: bytes.readUInt32BE(shape),
    height: bytes.readUInt32BE(shape + 4),
    depth: bytes.readUInt32BE(shape + 8),
    colors: bytes.readUInt32BE(shape + 12),
    data: bytes.subarray(data.start, data.end),
  };
}

/** The bytes that a length word at `at` announces. */
function span(bytes: Buffer, at: number): { start: number; end: number } | undefined {
  if (at + 4 > bytes.length) return undefined;
  const start = at + 4;
  const end = start + bytes.readUInt32BE(at);
  return end > bytes.length ? undefined : { start, end };
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
