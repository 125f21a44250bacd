import { createHash } from 'node:crypto';
import { crc16, crc8 } from './flac-crc.js';

/** A metadata block: its type (0-127) and its content. */
export interface BuiltBlock {
  readonly type: number;
  readonly data: Uint8Array;
}

export interface BuiltStreamInfo {
  readonly sampleRate?: number;
  readonly channels?: number;
  readonly bits?: number;
  readonly samples?: number;
  /** 32 hexadecimal digits. */
  readonly md5?: string;
}

export interface BuiltPicture {
  readonly type?: number;
  readonly mime?: string;
  readonly description?: string;
  readonly data: Uint8Array;
}

/** `[name, value]` in file order. */
export type BuiltComments = readonly (readonly [name: string, value: string])[];

const BLOCK_SAMPLES = 4096;

/** `fLaC` and the blocks, the last one marked as such; no audio. */
export function buildHeader(blocks: readonly BuiltBlock[]): Buffer {
  const parts: Uint8Array[] = [Buffer.from('fLaC')];
  blocks.forEach(({ type, data }, index) => {
    const header = Buffer.alloc(4);
    header.writeUInt32BE(data.length);
    header[0] = type | (index === blocks.length - 1 ? 0x80 : 0);
    parts.push(header, data);
  });
  return Buffer.concat(parts);
}

/** STREAMINFO; defaults: 44.1 kHz, stereo, 16 bit, 1000 samples, some MD5. */
export function streamInfoBlock(info: BuiltStreamInfo = {}): BuiltBlock {
  const { sampleRate = 44_100, channels = 2, bits = 16, samples = 1000 } = info;
  const data = Buffer.alloc(34);
  data.writeUInt16BE(BLOCK_SAMPLES, 0);
  data.writeUInt16BE(BLOCK_SAMPLES, 2);
  const shape = (BigInt(sampleRate) << 8n) | (BigInt(channels - 1) << 5n) | BigInt(bits - 1);
  data.writeBigUInt64BE((shape << 36n) | BigInt(samples), 10);
  data.write(info.md5 ?? '0123456789abcdef0123456789abcdef', 18, 'hex');
  return { type: 0, data };
}

/** PADDING of so many bytes. */
export function paddingBlock(bytes: number): BuiltBlock {
  return { type: 1, data: Buffer.alloc(bytes) };
}

/** VORBIS_COMMENT; `count` lies about the number of fields. */
export function commentBlock(
  comments: BuiltComments,
  options: { readonly vendor?: string; readonly count?: number } = {},
): BuiltBlock {
  const fields = comments.map(([name, value]) => sized(Buffer.from(`${name}=${value}`), 'LE'));
  const count = word(options.count ?? comments.length, 'LE');
  const vendor = sized(Buffer.from(options.vendor ?? 'flac-builder'), 'LE');
  return { type: 4, data: Buffer.concat([vendor, count, ...fields]) };
}

/** PICTURE; default: a front cover in PNG. */
export function pictureBlock(picture: BuiltPicture): BuiltBlock {
  const data = Buffer.concat([
    word(picture.type ?? 3, 'BE'),
    sized(Buffer.from(picture.mime ?? 'image/png'), 'BE'),
    sized(Buffer.from(picture.description ?? ''), 'BE'),
    ...[1, 1, 24, 0].map((value) => word(value, 'BE')),
    sized(picture.data, 'BE'),
  ]);
  return { type: 6, data };
}

function word(value: number, order: 'LE' | 'BE'): Buffer {
  const bytes = Buffer.alloc(4);
  if (order === 'LE') bytes.writeUInt32LE(value);
  else bytes.writeUInt32BE(value);
  return bytes;
}

function sized(bytes: Uint8Array, order: 'LE' | 'BE'): Buffer {
  return Buffer.concat([word(bytes.length, order), bytes]);
}

export interface BuiltFlac {
  readonly sampleRate?: number;
  readonly channels?: number;
  /** 4 to 32. */
  readonly bits?: number;
  /** Sample frames. */
  readonly length: number;
  /** The sample of a channel, within `bits`; default: a quiet saw-tooth. */
  readonly sample?: (index: number, channel: number) => number;
  readonly comments?: BuiltComments;
  readonly pictures?: readonly BuiltPicture[];
  /** Blocks behind all others. */
  readonly blocks?: readonly BuiltBlock[];
  /** Leaves the MD5 in STREAMINFO zero. */
  readonly withoutMd5?: boolean;
}

/**
 * A whole, valid FLAC file that every decoder takes: verbatim subframes, right CRCs and MD5.
 * No compression: mind the length.
 */
export function makeFlac(flac: BuiltFlac): Buffer {
  const { sampleRate = 44_100, channels = 2, bits = 16, length } = flac;
  const sample = flac.sample ?? ((index, channel) => (index % (7 + channel)) - 3);
  const audio = { channels, bits, length, sample };
  const md5 = flac.withoutMd5 === true ? '0'.repeat(32) : md5Of(audio);
  const frames: Buffer[] = [];
  for (let start = 0; start < length; start += BLOCK_SAMPLES) frames.push(frame(audio, start));
  const header = buildHeader([
    streamInfoBlock({ sampleRate, channels, bits, samples: length, md5 }),
    ...(flac.comments === undefined ? [] : [commentBlock(flac.comments)]),
    ...(flac.pictures ?? []).map(pictureBlock),
    ...(flac.blocks ?? []),
  ]);
  return Buffer.concat([header, ...frames]);
}

interface Audio {
  readonly channels: number;
  readonly bits: number;
  readonly length: number;
  readonly sample: (index: number, channel: number) => number;
}

/** Over the samples as signed little-endian whole bytes, channels interleaved. */
function md5Of({ channels, bits, length, sample }: Audio): string {
  const width = Math.ceil(bits / 8);
  const bytes = Buffer.alloc(length * channels * width);
  for (let at = 0; at < length * channels; at += 1) {
    bytes.writeIntLE(sample(Math.floor(at / channels), at % channels), at * width, width);
  }
  return createHash('md5').update(bytes).digest('hex');
}

function frame(audio: Audio, start: number): Buffer {
  const size = Math.min(BLOCK_SAMPLES, audio.length - start);
  const number = codedNumber(start / BLOCK_SAMPLES);
  const fixed = [0xff, 0xf8, 0x70, (audio.channels - 1) << 4];
  const header = Buffer.from([...fixed, ...number, (size - 1) >> 8, (size - 1) & 0xff]);
  const checked = Buffer.concat([
    header,
    Buffer.from([crc8(header)]),
    subframes(audio, start, size),
  ]);
  const crc = Buffer.alloc(2);
  crc.writeUInt16BE(crc16(checked));
  return Buffer.concat([checked, crc]);
}

/** The frame number, coded like a character in UTF-8. */
function codedNumber(frameNumber: number): Uint8Array {
  return Buffer.from(String.fromCodePoint(frameNumber));
}

function subframes(audio: Audio, start: number, size: number): Buffer {
  const bytes: number[] = [];
  let pending = 0n;
  let pendingBits = 0;
  const put = (value: number, bits: number): void => {
    pending = (pending << BigInt(bits)) | BigInt.asUintN(bits, BigInt(value));
    pendingBits += bits;
    for (; pendingBits >= 8; pendingBits -= 8) {
      bytes.push(Number((pending >> BigInt(pendingBits - 8)) & 0xffn));
    }
    pending = BigInt.asUintN(pendingBits, pending);
  };
  for (let channel = 0; channel < audio.channels; channel += 1) {
    put(0b0000_0010, 8);
    for (let index = start; index < start + size; index += 1) {
      put(audio.sample(index, channel), audio.bits);
    }
  }
  if (pendingBits > 0) put(0, 8 - pendingBits);
  return Buffer.from(bytes);
}
