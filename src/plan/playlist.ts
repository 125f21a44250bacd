import { posix } from 'node:path';
import type { AbsolutePath } from '../lib/brand.js';
import type { PlaylistText } from './action.js';

/** Where a playlist stands in the source and among the outputs, and what became of the source's files. */
export interface PlaylistPlace {
  readonly source: AbsolutePath;
  readonly output: AbsolutePath;
  /** The output made from a file of the source; `undefined`: none is. */
  readonly outputOf: (source: string) => AbsolutePath | undefined;
}

/** More would only hide the first ones. */
const MAX_WARNINGS = 20;

/**
 * Rewrites an M3U playlist so that it leads to the outputs, by relative paths. Comments, line ends,
 * byte order mark and encoding (UTF-8, else Latin-1) stay; Latin-1 that has to hold other letters
 * becomes UTF-8 with a mark. Entries that lead to no output stay too, with a warning; streams without.
 */
export function rewritePlaylist(bytes: Uint8Array, place: PlaylistPlace): PlaylistText {
  const { text, isUtf8 } = decode(bytes);
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const warnings: string[] = [];
  const lines = text.slice(mark.length).split(/(\r\n|\n|\r)/);
  const written = lines.map((line, at) => {
    const entry = at % 2 === 1 ? undefined : entryOf(line);
    if (entry === undefined) return line;
    const rewritten = rewriteEntry(entry, place);
    if (rewritten !== undefined) return rewritten;
    warnings.push(
      `line ${at / 2 + 1} leads to no output and stays as it is: ${entry.slice(0, 500)}`,
    );
    return line;
  });
  const more = warnings.length - MAX_WARNINGS;
  if (more > 0) warnings.splice(MAX_WARNINGS, more, `so do ${more} more lines`);
  return { content: encode(`${mark}${written.join('')}`, isUtf8).toString('latin1'), warnings };
}

function decode(bytes: Uint8Array): { readonly text: string; readonly isUtf8: boolean } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, isUtf8: true };
  } catch {
    return { text: Buffer.from(bytes).toString('latin1'), isUtf8: false };
  }
}

function encode(text: string, isUtf8: boolean): Buffer {
  if (isUtf8) return Buffer.from(text);
  const isLatin1 = /^[\0-\u00FF]*$/.test(text);
  return isLatin1 ? Buffer.from(text, 'latin1') : Buffer.from(`\uFEFF${text}`);
}

/** `undefined`: a comment, an empty line, or an address in the net. */
function entryOf(line: string): string | undefined {
  const trimmed = line.trim();
  if (trimmed === '' || trimmed.startsWith('#')) return undefined;
  return /^(?!file:)[a-z][a-z0-9+.-]+:\/\//i.test(trimmed) ? undefined : line;
}

function rewriteEntry(entry: string, { source, output, outputOf }: PlaylistPlace) {
  const target = spellingsOf(entry)
    .map((path) => outputOf(posix.resolve(posix.dirname(source), path)))
    .find((found) => found !== undefined);
  if (target === undefined || /[\r\n]/.test(target)) return undefined;
  const path = posix.relative(posix.dirname(output), target);
  const spelled = entry.includes('\\') && !entry.includes('/') ? path.replaceAll('/', '\\') : path;
  return /^[#\s]/.test(spelled) || /\s$/.test(spelled) ? `./${spelled}` : spelled;
}

/** What an entry may mean, the most likely first. */
function spellingsOf(entry: string): readonly string[] {
  const trimmed = entry.trim();
  if (/^file:/i.test(trimmed)) return fileUrlPath(trimmed);
  return [entry, trimmed, trimmed.replaceAll('\\', '/')];
}

function fileUrlPath(url: string): readonly string[] {
  try {
    return [decodeURIComponent(url.replace(/^file:(?:\/\/(?:localhost)?)?/i, ''))];
  } catch {
    return [];
  }
}
