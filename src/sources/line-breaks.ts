/**
 * The glob engine's `**` does not match folder names with line breaks in them, and such names do
 * exist. For the length of a walk each break is replaced by half a surrogate pair, which no name
 * that was decoded from UTF-8 can hold, so that the way back is exact.
 */
const breaks = /[\n\r\u2028\u2029]/g;
const standIns = /(?<![\uD800-\uDBFF])[\uDC0A\uDC0D\uDC28\uDC29]/g;

/** Replaces line breaks by their stand-ins. */
export function hideLineBreaks(name: string): string {
  return name.replace(breaks, (character) =>
    String.fromCharCode(0xdc00 + (character.charCodeAt(0) & 0xff)),
  );
}

/** Gives line breaks back. */
export function showLineBreaks(path: string): string {
  return path.replace(standIns, (character) => breakOf[character] ?? character);
}

const breakOf: Readonly<Record<string, string>> = {
  '\uDC0A': '\n',
  '\uDC0D': '\r',
  '\uDC28': '\u2028',
  '\uDC29': '\u2029',
};
