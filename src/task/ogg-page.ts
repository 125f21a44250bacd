/*
 * Ogg pages (RFC 3533): a header of 27 bytes, a table of segment lengths ("lacing"), the segments.
 * A packet is a run of segments that ends with the first one shorter than 255 bytes.
 */

/** Without the table of segment lengths. */
export const PAGE_HEADER_BYTES = 27;
/** Flag: the page begins inside a packet. */
export const CONTINUED = 1;
/** Flag: the first page of a stream. */
export const FIRST_PAGE = 2;
/** Flag: the last page of a stream. */
export const LAST_PAGE = 4;

/** A view of a page where it was read, good as long as that memory is; its fields are looked up when asked for. */
export class OggPage {
  /** The whole page. */
  readonly bytes: Buffer;
  readonly #bodyAt: number;

  constructor(bytes: Buffer, bodyAt: number) {
    this.bytes = bytes;
    this.#bodyAt = bodyAt;
  }

  get flags(): number {
    return this.bytes[5] ?? 0;
  }

  /** -1: no packet ends on the page. */
  get granule(): bigint {
    return this.bytes.readBigInt64LE(6);
  }

  get serial(): number {
    return this.bytes.readUInt32LE(14);
  }

  get sequence(): number {
    return this.bytes.readUInt32LE(18);
  }

  get lacing(): Buffer {
    return this.bytes.subarray(PAGE_HEADER_BYTES, this.#bodyAt);
  }

  get body(): Buffer {
    return this.bytes.subarray(this.#bodyAt);
  }

  /** The same page in memory of its own. */
  copy(): OggPage {
    return new OggPage(Buffer.from(this.bytes), this.#bodyAt);
  }
}

const CAPTURE = 0x4f676753;
const CRC_AT = 22;

/** The page at `at`; `incomplete` when more bytes are needed, `broken` when it is no page. */
export function parsePage(bytes: Buffer, at: number): OggPage | 'incomplete' | 'broken' {
  if (at + PAGE_HEADER_BYTES > bytes.length) return 'incomplete';
  if (bytes.readUInt32BE(at) !== CAPTURE || bytes[at + 4] !== 0) return 'broken';
  const bodyAt = at + PAGE_HEADER_BYTES + (bytes[at + 26] ?? 0);
  if (bodyAt > bytes.length) return 'incomplete';
  let end = bodyAt;
  for (let lace = at + PAGE_HEADER_BYTES; lace < bodyAt; lace += 1) end += bytes[lace] ?? 0;
  if (end > bytes.length) return 'incomplete';
  return new OggPage(bytes.subarray(at, end), bodyAt - at);
}

/** Whether a page has the bytes that its checksum was made of. */
export function isSound({ bytes }: OggPage): boolean {
  const stated = bytes.readUInt32LE(CRC_AT);
  bytes.writeUInt32LE(0, CRC_AT);
  const found = oggCrc(bytes);
  bytes.writeUInt32LE(stated, CRC_AT);
  return found === stated;
}

/** A page to be written. */
export interface PageFields {
  readonly flags: number;
  readonly granule: bigint;
  readonly serial: number;
  readonly sequence: number;
  readonly lacing: Uint8Array;
  readonly body: Uint8Array;
}

/** Writes a page with its checksum; returns where it ends. */
export function writePage(target: Buffer, at: number, page: PageFields): number {
  const bodyAt = at + PAGE_HEADER_BYTES + page.lacing.length;
  const end = bodyAt + page.body.length;
  const bytes = target.subarray(at, end);
  bytes.fill(0, 0, PAGE_HEADER_BYTES);
  bytes.write('OggS', 'latin1');
  bytes[5] = page.flags;
  bytes.writeBigInt64LE(page.granule, 6);
  bytes.writeUInt32LE(page.serial, 14);
  bytes.writeUInt32LE(page.sequence, 18);
  bytes[26] = page.lacing.length;
  bytes.set(page.lacing, PAGE_HEADER_BYTES);
  target.set(page.body, bodyAt);
  bytes.writeUInt32LE(oggCrc(bytes), CRC_AT);
  return end;
}

/**
 * Gives a page another number, in place, and mends its checksum. CRCs are linear: that of the bits that
 * change, moved past the bytes behind them, is all that has to be added.
 */
export function renumberPage(bytes: Buffer, sequence: number): void {
  const before = bytes.readUInt32BE(18);
  bytes.writeUInt32LE(sequence, 18);
  const changed = before ^ bytes.readUInt32BE(18);
  const crc = bytes.readUInt32LE(CRC_AT) ^ multiply(changed, powerOfBytes(bytes.length - 18));
  bytes.writeUInt32LE(crc >>> 0, CRC_AT);
}

const POLYNOMIAL = 0x04c11db7;

/** `a * b` over GF(2), modulo the checksum's polynomial. */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 31; bit >= 0; bit -= 1) {
    product = (product << 1) ^ (product < 0 ? POLYNOMIAL : 0) ^ ((b >>> bit) & 1 ? a : 0);
  }
  return product;
}

/** What `count` zero bytes do to a checksum, as a factor: x to the 8 * `count`. No page has 2^16 bytes. */
function powerOfBytes(count: number): number {
  return multiply(look(LOW_POWERS, count & 255), look(HIGH_POWERS, count >>> 8));
}

const LOW_POWERS = makePowers(1 << 8);
const HIGH_POWERS = makePowers(multiply(look(LOW_POWERS, 255), 1 << 8));

function makePowers(base: number): Uint32Array {
  const powers = new Uint32Array(256);
  let power = 1;
  for (let index = 0; index < powers.length; index += 1) {
    powers[index] = power;
    power = multiply(power, base);
  }
  return powers;
}

/** `TABLES[n][b]`: what byte `b` does to the checksum when `n` bytes follow it. */
const TABLES: readonly Uint32Array[] = makeTables();

function makeTables(): readonly Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, index) => {
    let crc = index << 24;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc << 1) ^ (crc < 0 ? POLYNOMIAL : 0);
    return crc;
  });
  const tables = [first];
  for (let more = 1; more < 8; more += 1) {
    const before = tables[more - 1] ?? first;
    tables.push(before.map((crc) => (crc << 8) ^ (first[crc >>> 24] ?? 0)));
  }
  return tables;
}

/** CRC-32 of Ogg: polynomial 0x04c11db7, most significant bit first, from 0; eight bytes a step. */
export function oggCrc(bytes: Buffer): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = TABLES as readonly [...EightTables];
  const { length } = bytes;
  let crc = 0;
  let at = 0;
  // Not by `look`: until this is optimized, eight calls a step would cost more than all else.
  for (; at + 8 <= length; at += 8) {
    const high = crc ^ bytes.readInt32BE(at);
    const low = bytes.readInt32BE(at + 4);
    crc =
      (t7[high >>> 24] ?? 0) ^
      (t6[(high >>> 16) & 255] ?? 0) ^
      (t5[(high >>> 8) & 255] ?? 0) ^
      (t4[high & 255] ?? 0) ^
      (t3[low >>> 24] ?? 0) ^
      (t2[(low >>> 16) & 255] ?? 0) ^
      (t1[(low >>> 8) & 255] ?? 0) ^
      (t0[low & 255] ?? 0);
  }
  for (; at < length; at += 1) crc = (crc << 8) ^ look(t0, (crc >>> 24) ^ (bytes[at] ?? 0));
  return crc >>> 0;
}

type EightTables = [
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
];

function look(table: Uint32Array, index: number): number {
  return table[index] ?? 0;
}
