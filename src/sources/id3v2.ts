/** What `id3v2Length` looks at. */
export const ID3V2_HEADER_BYTES = 10;

const FOOTER_PRESENT = 0x10;

/**
 * Bytes of the ID3v2 tag that `head` begins with, header and footer included; 0 where there is none.
 * The size is stored in four bytes of seven bits each.
 */
export function id3v2Length(head: Uint8Array): number {
  if (head.length < ID3V2_HEADER_BYTES) return 0;
  if (head[0] !== 0x49 || head[1] !== 0x44 || head[2] !== 0x33) return 0;
  const footer = ((head[5] ?? 0) & FOOTER_PRESENT) === 0 ? 0 : ID3V2_HEADER_BYTES;
  let size = 0;
  for (const byte of head.subarray(6, ID3V2_HEADER_BYTES)) size = size * 128 + (byte & 0x7f);
  return ID3V2_HEADER_BYTES + size + footer;
}
