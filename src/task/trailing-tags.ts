import type { FileHandle } from 'node:fs/promises';
import { readAt } from './read-at.js';

const ID3V1_BYTES = 128;
const APE_FOOTER_BYTES = 32;
const APE_HAS_HEADER = 0x8000_0000;

/** Bytes of the ID3v1 and APEv2 tags at the end of a file of this size; 0: there is none. */
export async function trailingTagBytes(file: FileHandle, size: number): Promise<number> {
  const id3v1 = await readAt(file, Math.max(0, size - ID3V1_BYTES), ID3V1_BYTES);
  const hasId3v1 = id3v1.length === ID3V1_BYTES && id3v1.toString('latin1', 0, 3) === 'TAG';
  const behind = hasId3v1 ? ID3V1_BYTES : 0;
  const at = size - behind - APE_FOOTER_BYTES;
  if (at < 0) return behind;
  const footer = await readAt(file, at, APE_FOOTER_BYTES);
  if (footer.toString('latin1', 0, 8) !== 'APETAGEX') return behind;
  const hasHeader = (footer.readUInt32LE(20) & APE_HAS_HEADER) !== 0;
  return behind + footer.readUInt32LE(12) + (hasHeader ? APE_FOOTER_BYTES : 0);
}
