import type { Container } from '../codecs/codec.js';
import type { TagRecipe } from '../manifest/manifest.js';
import type { CommentField, FlacMetadata, Picture } from '../sources/flac-metadata.js';
import { chooseFields } from './choose-fields.js';
import { cueText } from './cue-text.js';
import { readFieldPictures } from './field-pictures.js';
import { renderGain } from './replay-gain.js';

/** What a tag shall say: the source's tags without what is only true of the source file. */
export interface TagContent {
  readonly fields: readonly CommentField[];
  readonly pictures: readonly Picture[];
  readonly cueSheet: Uint8Array | undefined;
}

/** They name the program that wrote the source, the layout of its channels, or hold pictures. */
const LEFT_OUT = new Set([
  'ENCODER',
  'ENCODER_OPTIONS',
  'ENCODERSETTINGS',
  'WAVEFORMATEXTENSIBLE_CHANNEL_MASK',
  'METADATA_BLOCK_PICTURE',
  'COVERART',
  'COVERARTMIME',
]);

const ALL_TAGS: TagRecipe = { id3: '2.4' };

/** The tags of a source as an output of that container and profile shall carry them. */
export function tagContent(
  given: FlacMetadata,
  container: Container,
  recipe: TagRecipe = ALL_TAGS,
): TagContent {
  const source = container === 'flac' ? given : withCueField(given);
  const all = source.comments
    .filter((field) => !LEFT_OUT.has(field.name.toUpperCase()))
    .map(({ name, value }) => ({ name: withoutNul(name), value: withoutNul(value) }));
  const gain = container === 'ogg-opus' ? 'r128' : 'replaygain';
  return {
    fields: renderGain(chooseFields(all, recipe), gain),
    pictures: picturesOf(source),
    cueSheet: source.cueSheet,
  };
}

/** It ends texts, or parts them, in most formats. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '');
}

/**
 * The same tags with the cue sheet as a field: FLAC alone has a block for it, which counts samples and is
 * only true where the sample rate stays what it was. A field that the source has itself comes first.
 */
export function withCueField({ cueSheet, comments, ...rest }: FlacMetadata): FlacMetadata {
  const value = cueSheet && cueText(cueSheet, rest.streamInfo.sampleRate);
  const added = value === undefined || hasCueField(comments) ? [] : [{ name: CUE_FIELD, value }];
  return { ...rest, comments: [...comments, ...added], cueSheet: undefined };
}

const CUE_FIELD = 'CUESHEET';

function hasCueField(comments: readonly CommentField[]): boolean {
  return comments.some(({ name }) => name.toUpperCase() === CUE_FIELD);
}

/** All pictures of a source; some programs put them into fields, as in Ogg. */
export function picturesOf({ pictures, comments }: FlacMetadata): readonly Picture[] {
  return [...pictures, ...readFieldPictures(comments).pictures].map((picture) => ({
    ...picture,
    mime: withoutNul(picture.mime),
    description: withoutNul(picture.description),
  }));
}

/** What of the source's tags no output has, for people; `cue`: the sheet has to become a field. */
export function lostTags(
  { comments, cueSheet, streamInfo }: FlacMetadata,
  { cue }: { readonly cue: boolean },
): readonly string[] {
  const lostCue =
    cue && cueSheet !== undefined && !hasCueField(comments)
      ? cueText(cueSheet, streamInfo.sampleRate) === undefined
      : false;
  return [
    ...readFieldPictures(comments).broken.map((name) => `${name} is left out: it holds no picture`),
    ...comments
      .filter(({ name, value }) => `${name}${value}`.includes('\0'))
      .map(({ name }) => `${withoutNul(name)} loses the NUL characters that are in it`),
    ...(lostCue ? ['the CUESHEET block is left out: it names no track, or is cut short'] : []),
  ];
}

/** `3` and `12` out of a number and its total, or out of `3/12`. */
export function numberAndTotal(
  values: ReadonlyMap<string, readonly string[]>,
  names: readonly [number: string, total: string],
): { readonly number: string; readonly total: string | undefined } | undefined {
  const [number, inNumber] = values.get(names[0])?.[0]?.split('/', 2) ?? [];
  if (number === undefined || number.trim() === '') return undefined;
  return { number: number.trim(), total: (values.get(names[1])?.[0] ?? inNumber)?.trim() };
}

/** Where formats keep a number and its total together, by the names of both fields. */
type Numbers = readonly (readonly [place: string, names: readonly [string, string]])[];

/** Whether the place of a number says all that the field says: it has room for one value. */
export function isSaidByNumber(
  name: string,
  values: ReadonlyMap<string, readonly string[]>,
  numbers: Numbers,
): boolean {
  const numbered = numbers.find(([, names]) => names.includes(name));
  if (numbered === undefined || values.get(name)?.length !== 1) return false;
  return numberAndTotal(values, numbered[1]) !== undefined;
}
