import type { FileHandle } from 'node:fs/promises';
import { readAt } from './read-at.js';

/*
 * A FLAC frame (RFC 9639, section 9) says where it lies in the stream: fixed-size streams number
 * their frames, the others their samples. So the last frame tells how long the audio really is,
 * whatever STREAMINFO says. A frame is only believed when its header's CRC-8 is right and its
 * CRC-16 fits the file's end.
 */

const FIRST_LOOK_BYTES = 64 * 1024;
const LAST_LOOK_BYTES = 4 * 1024 * 1024;
/** Chance finds are rare; a file that is full of them was made to waste time. */
const MAX_CANDIDATES = 200;

/**
 * The sample number behind the last frame of the FLAC stream that ends at `end`, or `undefined`
 * where no frame ends there.
 */
export async function lastFrameEnd(
  file: FileHandle,
  end: number,
  blockSize: number,
): Promise<number | undefined> {
  for (let look = FIRST_LOOK_BYTES; ; look *= 8) {
    const from = Math.max(0, end - look);
    const found = frameEndingAt(await readAt(file, from, end - from), blockSize);
    if (found !== undefined || from === 0 || look >= LAST_LOOK_BYTES) return found;
  }
}

/** Looks for the frame that fills `bytes` to their end; the nearest to the end counts. */
function frameEndingAt(bytes: Buffer, blockSize: number): number | undefined {
  let candidates = 0;
  for (let at = bytes.length - 10; at >= 0 && candidates < MAX_CANDIDATES; at -= 1) {
    if (bytes[at] !== 0xff || ((bytes[at + 1] ?? 0) & 0xfe) !== 0xf8) continue;
    const header = parseFrameHeader(bytes, at, blockSize);
    if (header === undefined) continue;
    if (crc16(bytes, at) === 0) return header;
    candidates += 1;
  }
  return undefined;
}

/** The sample number behind the frame, when a sound header stands at `at`. */
function parseFrameHeader(bytes: Buffer, at: number, fixedSize: number): number | undefined {
  const variable = ((bytes[at + 1] ?? 0) & 1) === 1;
  const sizeCode = (bytes[at + 2] ?? 0) >> 4;
  const rateCode = (bytes[at + 2] ?? 0) & 0xf;
  const number = parseCodedNumber(bytes, at + 4);
  if (number === undefined || sizeCode === 0 || rateCode === 15) return undefined;
  const sizeAt = number.end;
  const sizeBytes = sizeCode === 6 ? 1 : sizeCode === 7 ? 2 : 0;
  const rateBytes = rateCode === 12 ? 1 : rateCode > 12 ? 2 : 0;
  const crcAt = sizeAt + sizeBytes + rateBytes;
  if (crcAt >= bytes.length || crc8(bytes, at, crcAt) !== bytes[crcAt]) return undefined;
  const blockSize =
    sizeBytes === 0 ? namedBlockSize(sizeCode) : bytes.readUIntBE(sizeAt, sizeBytes) + 1;
  return (variable ? number.value : number.value * fixedSize) + blockSize;
}

function namedBlockSize(code: number): number {
  if (code === 1) return 192;
  return code < 6 ? 576 << (code - 2) : 256 << (code - 8);
}

/** Numbers up to 36 bits, coded the way UTF-8 codes characters. */
function parseCodedNumber(bytes: Buffer, at: number): { value: number; end: number } | undefined {
  const first = bytes[at] ?? 0xff;
  if (first < 0x80) return { value: first, end: at + 1 };
  const more = Math.clz32(~(first << 24)) - 1;
  if (more < 1 || more > 6 || at + more >= bytes.length) return undefined;
  let value = first & (0x3f >> more);
  for (const byte of bytes.subarray(at + 1, at + 1 + more)) {
    if ((byte & 0xc0) !== 0x80) return undefined;
    value = value * 64 + (byte & 0x3f);
  }
  return { value, end: at + 1 + more };
}

function crc8(bytes: Buffer, from: number, to: number): number {
  let crc = 0;
  for (let at = from; at < to; at += 1) {
    crc ^= bytes[at] ?? 0;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x80 ? 0x107 : 0)) & 0xff;
  }
  return crc;
}

const CRC16_TABLE: Uint16Array = Uint16Array.from({ length: 256 }, (_, index) => {
  let crc = index << 8;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc << 1) ^ (crc & 0x8000 ? 0x18005 : 0);
  return crc & 0xffff;
});

/** Zero when the last two bytes are the CRC-16 of what lies before them. */
function crc16(bytes: Buffer, from: number): number {
  let crc = 0;
  for (let at = from; at < bytes.length; at += 1) {
    crc = ((crc << 8) & 0xffff) ^ (CRC16_TABLE[(crc >> 8) ^ (bytes[at] ?? 0)] ?? 0);
  }
  return crc;
}
