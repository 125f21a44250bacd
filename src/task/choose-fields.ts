import { matcher } from '../lib/glob.js';
import type { Matcher } from '../lib/glob.js';
import type { TagRecipe } from '../manifest/manifest.js';
import { parseTemplate } from '../manifest/template.js';
import type { CommentField } from '../sources/flac-metadata.js';
import { isGain } from './replay-gain.js';

/** Spellings of one field that programs use, and the one that counts here. */
const ALIASES: Readonly<Record<string, string>> = {
  'ALBUM ARTIST': 'ALBUMARTIST',
  TOTALTRACKS: 'TRACKTOTAL',
  TOTALDISCS: 'DISCTOTAL',
};

/** The one name of a field, in upper case, whatever its spelling. */
export function fieldName(name: string): string {
  const upper = name.toUpperCase();
  return ALIASES[upper] ?? upper;
}

/** Values by field name, in file order; empty ones do not count. */
export function valuesByName(fields: readonly CommentField[]): ReadonlyMap<string, string[]> {
  const values = new Map<string, string[]>();
  for (const { name, value } of fields) {
    if (value === '') continue;
    const known = values.get(fieldName(name));
    if (known === undefined) values.set(fieldName(name), [value]);
    else known.push(value);
  }
  return values;
}

/**
 * The fields that a profile wants: `keep` and `drop` choose among those of the source, then `set`
 * takes the place of what is left under its names. A field counts under all spellings of its name.
 */
export function chooseFields(
  source: readonly CommentField[],
  { keep, drop, replaygain, set = {} }: TagRecipe,
): readonly CommentField[] {
  const kept = keep === undefined ? () => true : nameMatcher(keep);
  const dropped = nameMatcher(drop ?? []);
  const added = fieldsOf(set, source);
  const replaced = new Set(added.map(({ name }) => fieldName(name)));
  const chosen = source.filter(({ name }) => {
    const spellings = spellingsOf(name);
    if (!spellings.some(kept) || spellings.some(dropped)) return false;
    return !(replaygain === 'drop' && isGain(name)) && !replaced.has(fieldName(name));
  });
  return [...chosen, ...added];
}

function spellingsOf(name: string): readonly string[] {
  const one = fieldName(name);
  return [one, ...Object.keys(ALIASES).filter((alias) => ALIASES[alias] === one)];
}

function withoutSlash(text: string): string {
  return text.replaceAll('/', '\u2215');
}

/** Patterns are those of file names, where `*` stops at a slash; in the name of a field it is a letter. */
function nameMatcher(patterns: readonly string[]): Matcher {
  const matches = matcher(patterns.map(withoutSlash));
  return (name) => matches(withoutSlash(name));
}

/** In the order of names: the order of keys is lost on the way of a recipe. */
function fieldsOf(
  set: NonNullable<TagRecipe['set']>,
  source: readonly CommentField[],
): readonly CommentField[] {
  const values = valuesByName(source);
  return Object.keys(set)
    .toSorted()
    .flatMap((name) =>
      (set[name] ?? []).flatMap((template) =>
        fillTemplate(template, values).map((value) => ({ name, value })),
      ),
    );
}

/** One text, or all values of the field that it names alone; none where a field is not there. */
function fillTemplate(
  template: string,
  values: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const parsed = parseTemplate(template);
  if (!parsed.ok) throw new Error(parsed.error);
  const found = parsed.value.map((piece) =>
    'text' in piece ? [piece.text] : (values.get(fieldName(piece.placeholder)) ?? []),
  );
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  if (found.some((list) => list.length === 0)) return [];
  return [found.map(([first]) => first).join('')];
}
