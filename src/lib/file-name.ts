/** What a part of a path may have on the file systems in use. */
export const MAX_NAME_BYTES = 255;

/** The longest start of `name` that has at most so many bytes in UTF-8; characters stay whole. */
export function cutToBytes(name: string, maxBytes: number): string {
  let bytes = 0;
  let end = 0;
  for (const character of name) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    end += character.length;
  }
  return name.slice(0, end);
}

/** How names of files end that are not finished yet, or are set aside for a moment. */
export const PART_SUFFIX = '.f2a-part';

/** Whether a path is that of such a file. */
export function isPartPath(path: string): boolean {
  return path.endsWith(PART_SUFFIX) && path.startsWith('.', path.lastIndexOf('/') + 1);
}
