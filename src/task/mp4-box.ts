/** A box of an MP4 file (ISO 14496-12) in memory. */
export interface Mp4Box {
  readonly type: string;
  /** Offset of the box in the buffer it was found in, and behind it. */
  readonly start: number;
  readonly end: number;
  readonly content: Buffer;
}

/** The boxes in a buffer, from `from` on; stops at the first that does not fit. */
export function* boxesIn(bytes: Buffer, from = 0): Generator<Mp4Box> {
  let start = from;
  while (start + 8 <= bytes.length) {
    const end = start + bytes.readUInt32BE(start);
    if (end < start + 8 || end > bytes.length) return;
    const type = bytes.toString('latin1', start + 4, start + 8);
    yield { type, start, end, content: bytes.subarray(start + 8, end) };
    start = end;
  }
}

/** Content of the first box that `path` leads to (`mdia/mdhd`). */
export function findBox(bytes: Buffer, path: string): Buffer | undefined {
  let content: Buffer | undefined = bytes;
  for (const type of path.split('/')) {
    if (content === undefined) return undefined;
    content = [...boxesIn(content)].find((box) => box.type === type)?.content;
  }
  return content;
}

/** Writes a box; the type has four Latin-1 characters. */
export function renderBox(type: string, ...content: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(8);
  header.write(type, 4, 'latin1');
  const bytes = Buffer.concat([header, ...content]);
  bytes.writeUInt32BE(bytes.length, 0);
  return bytes;
}
