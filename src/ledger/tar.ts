/*
 * A tar archive in the POSIX ustar form: for each file a header of one block, its content filled up to
 * whole blocks, and two blocks of zeros at the end.
 */

const BLOCK = 512;
const CHECKSUM_AT = 148;

/** The blocks of one file. `name` is relative, ASCII and of at most 100 bytes. */
export function tarFile(name: string, content: Uint8Array, mtimeMs: number): readonly Uint8Array[] {
  const header = Buffer.alloc(BLOCK);
  if (!/^[\x20-\x7e]{1,100}$/.test(name)) throw new Error(`not a name for a tar: ${name}`);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(octal(content.length, 11), 124);
  header.write(octal(Math.max(0, Math.floor(mtimeMs / 1000)), 11), 136);
  header.write('        ', CHECKSUM_AT);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, CHECKSUM_AT);
  const rest = content.length % BLOCK;
  return [header, content, Buffer.alloc(rest === 0 ? 0 : BLOCK - rest)];
}

/** What ends an archive. */
export const TAR_END: Uint8Array = Buffer.alloc(2 * BLOCK);

function octal(value: number, digits: number): string {
  const text = value.toString(8).padStart(digits, '0');
  if (text.length > digits) throw new Error(`too big for a tar: ${value}`);
  return text;
}
