/** Per placeholder: the fields it is taken from, first one present wins, and what stands in for none. */
const PLACEHOLDERS: Readonly<Record<string, { fields: readonly string[]; fallback: string }>> = {
  albumartist: { fields: ['ALBUMARTIST', 'ALBUM ARTIST', 'ARTIST'], fallback: 'Unknown Artist' },
  artist: { fields: ['ARTIST', 'ALBUMARTIST', 'ALBUM ARTIST'], fallback: 'Unknown Artist' },
  album: { fields: ['ALBUM'], fallback: 'Unknown Album' },
  title: { fields: ['TITLE'], fallback: '' },
  track: { fields: ['TRACKNUMBER'], fallback: '00' },
  disc: { fields: ['DISCNUMBER'], fallback: '1' },
  date: { fields: ['DATE', 'YEAR'], fallback: '0000' },
  year: { fields: ['DATE', 'YEAR'], fallback: '0000' },
  genre: { fields: ['GENRE'], fallback: 'Unknown Genre' },
  composer: { fields: ['COMPOSER'], fallback: 'Unknown Composer' },
};

/**
 * Fills a layout template such as `{albumartist}/{album}/{track} {title}`. Values never add folders
 * (`/` becomes `_`), parts are never empty, `.` or `..`; a missing title is the source's own name.
 */
export function renderTemplate(
  template: string,
  fields: ReadonlyMap<string, string>,
  sourceName: string,
): string {
  const parts = template.split('/').map((part) => {
    const filled = part.replaceAll(/\{([a-z]+)\}/g, (_, name: string) =>
      valueOf(name, fields, sourceName).replaceAll(/[/\0]/g, '_'),
    );
    const trimmed = filled.trim();
    return trimmed === '' || trimmed === '.' || trimmed === '..' ? '_' : trimmed;
  });
  return parts.join('/');
}

function valueOf(name: string, fields: ReadonlyMap<string, string>, sourceName: string): string {
  const placeholder = PLACEHOLDERS[name];
  if (placeholder === undefined) return `{${name}}`;
  const raw = placeholder.fields.map((field) => fields.get(field)?.trim()).find(Boolean);
  if (raw === undefined) return name === 'title' ? sourceName : placeholder.fallback;
  if (name === 'track') return leadingNumber(raw)?.padStart(2, '0') ?? raw;
  if (name === 'disc') return leadingNumber(raw) ?? raw;
  if (name === 'year') return /\d{4}/.exec(raw)?.[0] ?? raw;
  return raw;
}

/** `3` of `03/12`. */
function leadingNumber(text: string): string | undefined {
  const digits = /^\d+/.exec(text)?.[0];
  return digits === undefined ? undefined : String(Number(digits));
}
