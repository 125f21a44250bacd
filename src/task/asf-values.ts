import type { Picture } from '../sources/flac-metadata.js';
import { freeNames } from './id3-map.js';
import { valuesByName } from './choose-fields.js';
import { isSaidByNumber, numberAndTotal } from './tag-content.js';
import type { TagContent } from './tag-content.js';

/** Names as Windows has them; other fields keep theirs. */
const NAMES: Readonly<Record<string, string>> = {
  ALBUM: 'WM/AlbumTitle',
  ALBUMARTIST: 'WM/AlbumArtist',
  ALBUMARTISTSORT: 'WM/AlbumArtistSortOrder',
  ALBUMSORT: 'WM/AlbumSortOrder',
  ARTIST: 'Author',
  ARTISTSORT: 'WM/ArtistSortOrder',
  BPM: 'WM/BeatsPerMinute',
  COMPILATION: 'WM/IsCompilation',
  COMPOSER: 'WM/Composer',
  CONDUCTOR: 'WM/Conductor',
  DATE: 'WM/Year',
  DISCSUBTITLE: 'WM/SetSubTitle',
  GENRE: 'WM/Genre',
  GROUPING: 'WM/ContentGroupDescription',
  ISRC: 'WM/ISRC',
  LABEL: 'WM/Publisher',
  LANGUAGE: 'WM/Language',
  LYRICIST: 'WM/Writer',
  LYRICS: 'WM/Lyrics',
  MOOD: 'WM/Mood',
  ORIGINALDATE: 'WM/OriginalReleaseTime',
  PRODUCER: 'WM/Producer',
  REMIXER: 'WM/ModifiedBy',
  SUBTITLE: 'WM/SubTitle',
  TITLESORT: 'WM/TitleSortOrder',
};

/** A named value of ASF. */
export interface AsfValue {
  readonly name: string;
  /** 0: text in UTF-16 that ends with a zero; 1: bytes. */
  readonly type: 0 | 1;
  readonly value: Buffer;
}

/** Five texts have a place of their own, for one value each; the last is a rating that nobody has. */
const FIXED = ['TITLE', 'ARTIST', 'COPYRIGHT', 'COMMENT', ''] as const;
/** What those are called where they stand among the others. */
const FIXED_NAMES: Readonly<Record<string, string>> = {
  TITLE: 'Title',
  COPYRIGHT: 'Copyright',
  COMMENT: 'Description',
};
/** The longest text that has room there, in bytes. */
const MAX_FIXED_BYTES = 65_534;

/** All that a tag says, as ASF says it. */
export function asfValues(content: TagContent): {
  readonly fixed: readonly Buffer[];
  readonly values: readonly AsfValue[];
} {
  const values = valuesByName(content.fields);
  const fixed = FIXED.map((name) => {
    const value = asfText(values.get(name)?.[0] ?? '');
    return value.length > MAX_FIXED_BYTES || value.length === 2 ? Buffer.alloc(0) : value;
  });
  const taken = new Set<string>(FIXED.filter((_, at) => (fixed[at]?.length ?? 0) > 0));
  return {
    fixed,
    values: [...fieldValues(values, taken), ...content.pictures.map(pictureValue)],
  };
}

const NUMBERS = [
  ['WM/TrackNumber', ['TRACKNUMBER', 'TRACKTOTAL']],
  ['WM/PartOfSet', ['DISCNUMBER', 'DISCTOTAL']],
] as const;

function fieldValues(
  fields: ReadonlyMap<string, readonly string[]>,
  taken: ReadonlySet<string>,
): readonly AsfValue[] {
  const found: AsfValue[] = [];
  const add = (name: string, value: string): void => {
    found.push({ name, type: 0, value: asfText(value) });
  };
  const [track, disc] = NUMBERS.map(([, names]) => numberAndTotal(fields, names));
  if (track !== undefined) add('WM/TrackNumber', track.number);
  if (track?.total !== undefined) add('TrackTotal', track.total);
  if (disc !== undefined) add('WM/PartOfSet', [disc.number, disc.total].filter(Boolean).join('/'));
  for (const [name, list] of fields) {
    if (isSaidByNumber(name, fields, NUMBERS)) continue;
    for (const value of taken.has(name) ? list.slice(1) : list) add(nameOf(name), value);
  }
  return found;
}

function nameOf(name: string): string {
  const free = freeNames[name];
  if (free?.startsWith('MusicBrainz ')) return `MusicBrainz/${free.slice('MusicBrainz '.length)}`;
  return NAMES[name] ?? FIXED_NAMES[name] ?? name;
}

/** Type, length, MIME type and description, then the picture. Readers refuse an empty description. */
function pictureValue(picture: Picture): AsfValue {
  const head = Buffer.alloc(5);
  head[0] = picture.type;
  head.writeUInt32LE(picture.data.length, 1);
  const texts = [asfText(picture.mime), asfText(picture.description || 'Cover')];
  return {
    name: 'WM/Picture',
    type: 1,
    value: Buffer.concat([head, ...texts, picture.data]),
  };
}

/** UTF-16 with a zero at its end. */
export function asfText(value: string): Buffer {
  return Buffer.from(`${value}\0`, 'utf16le');
}
