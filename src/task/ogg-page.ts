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

/** A page as it was read. */
export interface OggPage {
  /** The whole page. */
  readonly bytes: Buffer;
  readonly flags: number;
  /** -1: no packet ends on the page. */
  readonly granule: bigint;
  readonly serial: number;
  readonly sequence: number;
  readonly lacing: Buffer;
  readonly body: Buffer;
}

/** The page at `at`; `incomplete` when more bytes are needed, `broken` when it is no page. */
export function parsePage(bytes: Buffer, at: number): OggPage | 'incomplete' | 'broken' {
  if (at + PAGE_HEADER_BYTES > bytes.length) return 'incomplete';
  if (bytes.toString('latin1', at, at + 4) !== 'OggS' || bytes[at + 4] !== 0) return 'broken';
  const bodyAt = at + PAGE_HEADER_BYTES + (bytes[at + 26] ?? 0);
  if (bodyAt > bytes.length) return 'incomplete';
  const lacing = bytes.subarray(at + PAGE_HEADER_BYTES, bodyAt);
  let end = bodyAt;
  for (const length of lacing) end += length;
  if (end > bytes.length) return 'incomplete';
  return {
    bytes: bytes.subarray(at, end),
    flags: bytes[at + 5] ?? 0,
    granule: bytes.readBigInt64LE(at + 6),
    serial: bytes.readUInt32LE(at + 14),
    sequence: bytes.readUInt32LE(at + 18),
    lacing,
    body: bytes.subarray(bodyAt, end),
  };
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

/** Writes a page with its checksum. */
export function renderPage(page: PageFields): Buffer {
  const header = Buffer.alloc(PAGE_HEADER_BYTES);
  header.write('OggS', 'latin1');
  header[5] = page.flags;
  header.writeBigInt64LE(page.granule, 6);
  header.writeUInt32LE(page.serial, 14);
  header.writeUInt32LE(page.sequence, 18);
  header[26] = page.lacing.length;
  const bytes = Buffer.concat([header, page.lacing, page.body]);
  bytes.writeUInt32LE(oggCrc(bytes), 22);
  return bytes;
}

/** Gives a page another number, in place, and mends its checksum. */
export function renumberPage(bytes: Buffer, sequence: number): void {
  bytes.writeUInt32LE(sequence, 18);
  bytes.writeUInt32LE(0, 22);
  bytes.writeUInt32LE(oggCrc(bytes), 22);
}

/** `TABLES[n][b]`: what byte `b` does to the checksum when `n` bytes follow it. */
const TABLES: readonly Uint32Array[] = makeTables();

function makeTables(): readonly Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, index) => {
    let crc = index << 24;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
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
  let crc = 0;
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    const high = crc ^ bytes.readInt32BE(at);
    const low = bytes.readInt32BE(at + 4);
    crc =
      look(t7, high >>> 24) ^
      look(t6, (high >>> 16) & 255) ^
      look(t5, (high >>> 8) & 255) ^
      look(t4, high & 255) ^
      look(t3, low >>> 24) ^
      look(t2, (low >>> 16) & 255) ^
      look(t1, (low >>> 8) & 255) ^
      look(t0, low & 255);
  }
  for (; at < bytes.length; at += 1) crc = (crc << 8) ^ look(t0, (crc >>> 24) ^ (bytes[at] ?? 0));
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
