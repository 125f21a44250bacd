import type { Container } from '../codecs/codec.js';
import { parsePicture } from '../sources/flac-blocks.js';
import type { CommentField, FlacMetadata, Picture } from '../sources/flac-metadata.js';

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

/** Spellings of one field that programs use, and the one that counts here. */
const ALIASES: Readonly<Record<string, string>> = {
  'ALBUM ARTIST': 'ALBUMARTIST',
  TOTALTRACKS: 'TRACKTOTAL',
  TOTALDISCS: 'DISCTOTAL',
};

/** The tags of a source as an output of that container shall carry them. */
export function tagContent(source: FlacMetadata, container: Container): TagContent {
  const fields = source.comments
    .filter((field) => !LEFT_OUT.has(field.name.toUpperCase()))
    .map((field) => ({ ...field, value: field.value.replaceAll('\0', '') }));
  return {
    fields: container === 'ogg-opus' ? withR128(fields) : fields,
    pictures: [...source.pictures, ...picturesInFields(source.comments)],
    cueSheet: source.cueSheet,
  };
}

function picturesInFields(fields: readonly CommentField[]): readonly Picture[] {
  return fields
    .filter((field) => field.name.toUpperCase() === 'METADATA_BLOCK_PICTURE')
    .map((field) => parsePicture(Buffer.from(field.value, 'base64')))
    .filter((picture) => picture !== undefined);
}

/**
 * Opus players know gain as R128_*_GAIN only: relative to -23 LUFS, ReplayGain's -18 LUFS less 5 dB,
 * in steps of 1/256 dB (RFC 7845, section 5.2.1). Peaks and reference loudness have no place there.
 */
function withR128(fields: readonly CommentField[]): readonly CommentField[] {
  return fields.flatMap((field) => {
    const name = field.name.toUpperCase();
    if (!name.startsWith('REPLAYGAIN_')) return [field];
    const gain = Number.parseFloat(field.value);
    const steps = Math.round((gain - 5) * 256);
    const known = name === 'REPLAYGAIN_TRACK_GAIN' || name === 'REPLAYGAIN_ALBUM_GAIN';
    if (!known || !(Math.abs(steps) <= 32_767)) return [];
    return [{ name: name.replace('REPLAYGAIN', 'R128'), value: String(steps) }];
  });
}

/** Values by upper-case field name, in file order; other spellings of a name are brought to one. */
export function valuesByName(fields: readonly CommentField[]): ReadonlyMap<string, string[]> {
  const values = new Map<string, string[]>();
  for (const { name, value } of fields) {
    if (value === '') continue;
    const upper = name.toUpperCase();
    const key = ALIASES[upper] ?? upper;
    values.set(key, [...(values.get(key) ?? []), value]);
  }
  return values;
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
