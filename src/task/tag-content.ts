import type { Container } from '../codecs/codec.js';
import { parsePicture } from '../sources/flac-blocks.js';
import type { TagRecipe } from '../manifest/manifest.js';
import type { CommentField, FlacMetadata, Picture } from '../sources/flac-metadata.js';
import { chooseFields } from './choose-fields.js';
import { cueText } from './cue-text.js';
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
  source: FlacMetadata,
  container: Container,
  recipe: TagRecipe = ALL_TAGS,
): TagContent {
  const all = [...source.comments, ...cueField(source, container)]
    .filter((field) => !LEFT_OUT.has(field.name.toUpperCase()))
    .map((field) => ({ ...field, value: field.value.replaceAll('\0', '') }));
  const gain = container === 'ogg-opus' ? 'r128' : 'replaygain';
  return {
    fields: renderGain(chooseFields(all, recipe), gain),
    pictures: picturesOf(source),
    cueSheet: source.cueSheet,
  };
}

/** FLAC has a block for cue sheets, all others have a field; one that the source has itself comes first. */
function cueField(
  { cueSheet, comments, streamInfo }: FlacMetadata,
  container: Container,
): readonly CommentField[] {
  if (cueSheet === undefined || container === 'flac') return [];
  if (comments.some(({ name }) => name.toUpperCase() === 'CUESHEET')) return [];
  const value = cueText(cueSheet, streamInfo.sampleRate);
  return value === undefined ? [] : [{ name: 'CUESHEET', value }];
}

/** All pictures of a source; some programs put them into fields, as in Ogg. */
export function picturesOf({ pictures, comments }: FlacMetadata): readonly Picture[] {
  return [...pictures, ...picturesInFields(comments)];
}

function picturesInFields(fields: readonly CommentField[]): readonly Picture[] {
  return fields
    .filter((field) => field.name.toUpperCase() === 'METADATA_BLOCK_PICTURE')
    .map((field) => parsePicture(Buffer.from(field.value, 'base64')))
    .filter((picture) => picture !== undefined);
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
