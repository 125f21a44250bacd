import type { Codec, Container } from '../codecs/codec.js';
import type { Problem } from './failure.js';
import type { Pictures, Profile as WrittenProfile, Tags } from './manifest-file.gen.js';
import type { PictureRecipe, TagRecipe } from './manifest.js';
import { below, failureIn } from './place.js';
import type { Place } from './place.js';
import type { Report } from './resolve-sources.js';
import { parseTemplate } from './template.js';

const ID3 = '2.4';
const WITH_ID3: ReadonlySet<Container> = new Set(['mp3', 'mpeg', 'aiff', 'wav']);

/** How a profile writes tags. What has its default is not in it, so that naming it changes nothing. */
export function resolveTags({ tags = {}, pictures }: WrittenProfile): TagRecipe {
  const { id3 = ID3, keep, drop, set, replaygain } = tags;
  const pictured = pictures === undefined ? {} : resolvePictures(pictures);
  return {
    id3,
    ...(keep === undefined ? {} : { keep: namePatterns(keep) }),
    ...(drop === undefined ? {} : { drop: namePatterns(drop) }),
    ...(set === undefined ? {} : { set: fieldTemplates(set) }),
    ...(replaygain === 'drop' ? { replaygain } : {}),
    ...(Object.keys(pictured).length === 0 ? {} : { pictures: pictured }),
  };
}

/** Neither the order nor the case of patterns matters, so neither makes another recipe. */
function namePatterns(patterns: readonly string[]): readonly string[] {
  return [...new Set(patterns.map((pattern) => pattern.toUpperCase()))].toSorted();
}

function fieldTemplates(
  set: NonNullable<Tags['set']>,
): Readonly<Record<string, readonly string[]>> {
  const entries = Object.entries(set).map(
    ([name, value]) => [name.toUpperCase(), templatesOf(value)] as const,
  );
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function templatesOf(value: NonNullable<Tags['set']>[string]): readonly string[] {
  return (Array.isArray(value) ? value : [value]).map(String);
}

function resolvePictures({ maxSize, format, embed, fromFolder }: Pictures): PictureRecipe {
  if (embed === false) return { embed };
  return {
    ...(maxSize === undefined ? {} : { maxSize }),
    ...(format === 'jpeg' ? { format } : {}),
    ...(fromFolder === undefined ? {} : { fromFolder }),
  };
}

/** Says of keys that they have no effect with a codec, or beside another key. */
export function uselessKey(key: string, codec: Codec, why: string): Problem {
  const message = `"${key}" has no effect with codec ${codec.name}: ${why}`;
  return { code: 'MANIFEST_USELESS_KEY', message, hint: 'leave it out' };
}

/** Reports what of `tags` and `pictures` has no effect or no meaning. */
export function reportTags(
  { tags = {}, pictures = {} }: WrittenProfile,
  codec: Codec,
  { place, report }: { readonly place: Place; readonly report: Report },
): void {
  const useless = (path: readonly [string, string], why: string): void =>
    report(failureIn(below(place, ...path), uselessKey(path[1], codec, why), 'key'));
  const { id3, ...ofFields } = tags;
  if (id3 !== undefined && !(codec.kind === 'encode' && WITH_ID3.has(codec.container))) {
    useless(['tags', 'id3'], 'its files have no ID3 tags');
  }
  if (codec.kind !== 'encode') {
    for (const key of Object.keys(ofFields)) useless(['tags', key], 'it writes no tags');
    for (const key of Object.keys(pictures)) useless(['pictures', key], 'it writes no tags');
  }
  if (pictures.embed === false) {
    for (const key of Object.keys(pictures)) {
      if (key !== 'embed') useless(['pictures', key], 'no picture is written ("embed: false")');
    }
  }
  reportFields(tags.set ?? {}, below(place, 'tags', 'set'), report);
}

function reportFields(set: NonNullable<Tags['set']>, place: Place, report: Report): void {
  const seen = new Map<string, string>();
  for (const [name, value] of Object.entries(set)) {
    const twin = seen.get(name.toUpperCase());
    seen.set(name.toUpperCase(), name);
    if (twin !== undefined) {
      const message = `"${name}" and "${twin}" are one field: letter case does not count`;
      report(failureIn(below(place, name), { code: 'MANIFEST_BAD_VALUE', message }, 'key'));
    }
    for (const text of templatesOf(value)) {
      const wrong = templateProblem(text);
      if (wrong === undefined) continue;
      const message = `in the value "${text}" of field ${name} ${wrong}`;
      report(failureIn(below(place, name), { code: 'MANIFEST_BAD_VALUE', message }));
    }
  }
}

/** Placeholders of layouts that are no fields, and the field that is meant. */
const NO_FIELDS: Readonly<Record<string, string>> = {
  track: 'write {tracknumber}',
  disc: 'write {discnumber}',
  year: 'write {date}',
  name: 'a file name is no tag: a rename would change it',
};

function templateProblem(text: string): string | undefined {
  const parsed = parseTemplate(text);
  if (!parsed.ok) return parsed.error;
  for (const piece of parsed.value) {
    if (!('placeholder' in piece)) continue;
    if (piece.placeholder === '') return '"{}" names no field';
    const instead = NO_FIELDS[piece.placeholder.toLowerCase()];
    if (instead !== undefined) return `"{${piece.placeholder}}" is no field: ${instead}`;
  }
  return undefined;
}
