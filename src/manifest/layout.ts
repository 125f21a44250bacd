import { codecs } from '../codecs/registry.gen.js';
import { nearest } from '../lib/nearest.js';
import type { Problem } from './failure.js';
import { didYouMean } from './failure.js';
import { parseTemplate } from './template.js';

/**
 * What a layout template may ask for, and the FLAC fields (upper case) that answer it: the first
 * that a source has. `name` is the source's own file name without extension.
 */
export const LAYOUT_FIELDS: Readonly<Record<string, readonly string[]>> = {
  albumartist: ['ALBUMARTIST', 'ALBUM ARTIST', 'ARTIST'],
  artist: ['ARTIST', 'ALBUMARTIST'],
  album: ['ALBUM'],
  title: ['TITLE'],
  track: ['TRACKNUMBER'],
  disc: ['DISCNUMBER'],
  date: ['DATE', 'YEAR'],
  year: ['DATE', 'YEAR'],
  genre: ['GENRE'],
  composer: ['COMPOSER'],
  name: [],
};

const NAMED = ['mirror', 'flat'];
/** At least one must be in the file's name, else the tracks of an album would all have the same. */
const TELLS_TRACKS_APART = ['title', 'track', 'name'];

/** What is wrong with a layout, or `undefined`. */
export function layoutProblem(layout: string): Problem | undefined {
  if (NAMED.includes(layout)) return undefined;
  const parsed = parseTemplate(layout);
  if (!parsed.ok) return problem(`in layout "${layout}" ${parsed.error}`);
  const asked = parsed.value.flatMap((piece) => ('placeholder' in piece ? piece.placeholder : []));
  const unknown = asked.find((name) => !Object.hasOwn(LAYOUT_FIELDS, name));
  const fields = Object.keys(LAYOUT_FIELDS);
  if (unknown !== undefined) {
    const list = `placeholders: ${fields.map((name) => `{${name}}`).join(', ')}`;
    return problem(
      `unknown placeholder "{${unknown}}" in layout`,
      didYouMean(nearest(unknown, fields), list),
    );
  }
  if (asked.length === 0) {
    const list =
      'a layout is mirror, flat, or a template such as "{albumartist}/{album}/{track} {title}"';
    return problem(`unknown layout "${layout}"`, didYouMean(nearest(layout, NAMED), list));
  }
  return shapeProblem(layout);
}

function shapeProblem(layout: string): Problem | undefined {
  const parts = layout.split('/');
  const file = parts.at(-1) ?? '';
  if (layout.startsWith('/')) {
    return problem(`layout "${layout}" is absolute`, 'it is relative to the folder in "to"');
  }
  if (parts.some((part) => part === '' || part === '.' || part === '..')) {
    return problem(`layout "${layout}" has an empty, "." or ".." part`);
  }
  if (!TELLS_TRACKS_APART.some((name) => file.includes(`{${name}}`))) {
    return problem(
      `layout "${layout}" gives all tracks of an album the same name`,
      'use {track}, {title} or {name} after the last "/"',
    );
  }
  const extension = codecs.find((codec) => file.endsWith(`.${codec.extension ?? 'flac'}`));
  return extension === undefined
    ? undefined
    : problem(`layout "${layout}" has an extension`, 'leave it out: it is added');
}

function problem(message: string, hint?: string): Problem {
  return { code: 'MANIFEST_BAD_LAYOUT', message, hint };
}
