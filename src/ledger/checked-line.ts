import { crc32 } from 'node:zlib';

const CRC_DIGITS = 8;

/** A line that can be trusted or not by itself: `<crc32 of the text, 8 hex digits> <text>\n`. */
export function checkedLine(text: string): string {
  return `${crcOf(text)} ${text}\n`;
}

/** The text of a line without looking at its checksum: for files whose digest was right. */
export function trustedText(line: string): string {
  return line.slice(CRC_DIGITS + 1);
}

/** The text of a line (without `\n`), or `undefined` when its checksum is wrong. */
export function checkedText(line: string): string | undefined {
  const text = trustedText(line);
  return line === `${crcOf(text)} ${text}` ? text : undefined;
}

function crcOf(text: string): string {
  return crc32(text).toString(16).padStart(CRC_DIGITS, '0');
}
