import { LAYOUT_FIELDS } from '../manifest/layout.js';
import { parseTemplate } from '../manifest/template.js';

/** What stands in for a field that no tag gives; a missing title is the source's own name. */
const FALLBACKS: Readonly<Record<string, string>> = {
  albumartist: 'Unknown Artist',
  artist: 'Unknown Artist',
  album: 'Unknown Album',
  track: '00',
  disc: '1',
  date: '0000',
  year: '0000',
  genre: 'Unknown Genre',
  composer: 'Unknown Composer',
};

/**
 * Fills a layout template such as `{albumartist}/{album}/{track} {title}`. Values never add folders
 * (`/` becomes `_`), are composed to NFC, and hide no file; parts are never empty, `.` or `..`. Throws on a template that `validate`
 * would have refused.
 */
export function renderTemplate(
  template: string,
  fields: ReadonlyMap<string, string>,
  sourceName: string,
): string {
  const parsed = parseTemplate(template);
  if (!parsed.ok) throw new Error(parsed.error);
  let filled = '';
  for (const piece of parsed.value) {
    const isFirst = filled === '' || filled.endsWith('/');
    filled +=
      'text' in piece
        ? piece.text
        : asPart(valueOf(piece.placeholder, fields, sourceName), isFirst);
  }
  return filled.split('/').map(wholePart).join('/');
}

/** Line breaks make names that lists of files cannot hold, a dot in front makes hidden ones. */
function asPart(value: string, isFirst: boolean): string {
  const plain = value.normalize('NFC').replaceAll(/[/\p{Cc}]/gu, '_');
  return isFirst ? plain.trimStart().replace(/^\./, '_') : plain;
}

function wholePart(part: string): string {
  const trimmed = part.trim();
  return trimmed === '' || trimmed === '.' || trimmed === '..' ? '_' : trimmed;
}

function valueOf(name: string, fields: ReadonlyMap<string, string>, sourceName: string): string {
  const tag = (LAYOUT_FIELDS[name] ?? []).map((field) => fields.get(field)?.trim()).find(Boolean);
  if (tag === undefined) return FALLBACKS[name] ?? sourceName;
  if (name === 'track') return leadingNumber(tag)?.padStart(2, '0') ?? tag;
  if (name === 'disc') return leadingNumber(tag) ?? tag;
  if (name === 'year') return /\d{4}/.exec(tag)?.[0] ?? tag;
  return tag;
}

/** `3` of `03/12`. */
function leadingNumber(text: string): string | undefined {
  const digits = /^\d+/.exec(text)?.[0];
  return digits?.replace(/^0+(?=\d)/, '');
}
