/*
 * EBML, in which Matroska is written (RFC 8794): an element is its ID, the length of its content, and
 * the content. Lengths say in their first byte how many bytes they take.
 */

/** Where an element stands, in bytes of what was looked at. */
export interface EbmlElement {
  readonly id: number;
  /** Of the ID. */
  readonly start: number;
  /** Of the content. */
  readonly content: number;
  readonly end: number;
}

/** The most that ID and length take together. */
export const EBML_HEADER_BYTES = 12;

/** The element whose header begins at `at`, or `undefined` where there is none, or its length is open. */
export function readElement(bytes: Buffer, at: number): EbmlElement | undefined {
  const idBytes = Math.clz32((bytes[at] ?? 0) << 24) + 1;
  const sizeAt = at + idBytes;
  const sizeBytes = Math.clz32((bytes[sizeAt] ?? 0) << 24) + 1;
  if (idBytes > 4 || sizeBytes > 8 || sizeAt + sizeBytes > bytes.length) return undefined;
  const id = bytes.readUIntBE(at, idBytes);
  let size = (bytes[sizeAt] ?? 0) & (0xff >> sizeBytes);
  let isOpen = size === 0xff >> sizeBytes;
  for (const byte of bytes.subarray(sizeAt + 1, sizeAt + sizeBytes)) {
    size = size * 256 + byte;
    isOpen &&= byte === 0xff;
  }
  if (isOpen) return undefined;
  const content = sizeAt + sizeBytes;
  return { id, start: at, content, end: content + size };
}

/** The elements that fill `bytes`. */
export function elementsIn(bytes: Buffer): readonly EbmlElement[] {
  const elements: EbmlElement[] = [];
  for (let at = 0; at < bytes.length;) {
    const element = readElement(bytes, at);
    if (element === undefined || element.end > bytes.length) break;
    elements.push(element);
    at = element.end;
  }
  return elements;
}

/** An element with its length in eight bytes. */
export function renderElement(id: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([renderId(id), renderSize(body.length), body]);
}

/** The ID as it stands in the file. */
export function renderId(id: number): Buffer {
  const bytes = Buffer.alloc(id > 0xff_ffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1);
  bytes.writeUIntBE(id, 0, bytes.length);
  return bytes;
}

/** A length in eight bytes. */
export function renderSize(size: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(size) | 0x0100_0000_0000_0000n);
  return bytes;
}
