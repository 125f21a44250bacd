import type { FileHandle } from 'node:fs/promises';
import { ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { Picture } from '../sources/flac-metadata.js';
import { freeNames } from './id3-map.js';
import { readAt, writeAt } from './read-at.js';
import { valuesByName } from './choose-fields.js';
import { isSaidByNumber, numberAndTotal } from './tag-content.js';
import type { TagContent } from './tag-content.js';

/*
 * APEv2: items behind the audio, between a header and a footer of 32 bytes. An item is its length, flags,
 * its key, a zero, and values that are kept apart by zeros.
 */

const EDGE_BYTES = 32;
const HAS_HEADER = 0x8000_0000;
const IS_HEADER = 0x2000_0000;
const BINARY = 2;

/** Keys as players know them; other fields keep their name. */
const KEYS: Readonly<Record<string, string>> = {
  ALBUM: 'Album',
  ALBUMARTIST: 'Album Artist',
  ARTIST: 'Artist',
  COMMENT: 'Comment',
  COMPOSER: 'Composer',
  CONDUCTOR: 'Conductor',
  COPYRIGHT: 'Copyright',
  DATE: 'Year',
  DISCSUBTITLE: 'DiscSubtitle',
  GENRE: 'Genre',
  ISRC: 'ISRC',
  LABEL: 'Label',
  LYRICS: 'Lyrics',
  TITLE: 'Title',
};

const NUMBERS = [
  ['Track', ['TRACKNUMBER', 'TRACKTOTAL']],
  ['Disc', ['DISCNUMBER', 'DISCTOTAL']],
] as const;

/** Only one picture of a type has room; the names are those of the types that players show. */
const PICTURE_KEYS: readonly string[] = [
  'Other',
  'Png Icon',
  'Icon',
  'Front',
  'Back',
  'Leaflet',
  'Media',
  'Lead Artist',
  'Artist',
  'Conductor',
  'Band',
  'Composer',
  'Lyricist',
  'Recording Location',
  'During Recording',
  'During Performance',
  'Video Capture',
  'Fish',
  'Illustration',
  'Band Logotype',
  'Publisher Logotype',
];

/** Replaces the APEv2 tag at the end of a file, in place. */
export async function tagApe(file: FileHandle, content: TagContent): Promise<Result<void, string>> {
  const { size } = await file.stat();
  const end = await audioEnd(file, size);
  const tag = renderApe(content);
  await writeAt(file, tag, end);
  await file.truncate(end + tag.length);
  return ok(undefined);
}

async function audioEnd(file: FileHandle, size: number): Promise<number> {
  const footer = await readAt(file, Math.max(0, size - EDGE_BYTES), EDGE_BYTES);
  if (footer.length < EDGE_BYTES || footer.toString('latin1', 0, 8) !== 'APETAGEX') return size;
  const header = (footer.readUInt32LE(20) & HAS_HEADER) === 0 ? 0 : EDGE_BYTES;
  return Math.max(0, size - footer.readUInt32LE(12) - header);
}

/** Pictures that have no room beside another of their type. */
export function picturesWithoutRoom(content: TagContent): readonly Picture[] {
  const seen = new Set<string>();
  return content.pictures.filter((picture) => {
    const key = pictureKey(picture);
    const taken = seen.has(key);
    seen.add(key);
    return taken;
  });
}

function renderApe(content: TagContent): Buffer {
  const lost = picturesWithoutRoom(content);
  const pictures = content.pictures.filter((picture) => !lost.includes(picture));
  const items = [...textItems(content), ...pictures.map(pictureItem)];
  const body = Buffer.concat(items);
  const edge = (flags: number): Buffer => {
    const bytes = Buffer.alloc(EDGE_BYTES);
    bytes.write('APETAGEX', 'latin1');
    bytes.writeUInt32LE(2000, 8);
    bytes.writeUInt32LE(body.length + EDGE_BYTES, 12);
    bytes.writeUInt32LE(items.length, 16);
    bytes.writeUInt32LE(flags, 20);
    return bytes;
  };
  return Buffer.concat([edge((HAS_HEADER | IS_HEADER) >>> 0), body, edge(HAS_HEADER)]);
}

/** Keys that differ in case alone are one to players: what has the same key stands together. */
function textItems({ fields }: TagContent): readonly Buffer[] {
  const values = valuesByName(fields);
  const texts = new Map<string, { readonly key: string; readonly list: readonly string[] }>();
  const add = (key: string, list: readonly string[]): void => {
    const known = texts.get(key.toUpperCase());
    const all = new Set([...(known?.list ?? []), ...list]);
    texts.set(key.toUpperCase(), { key: known?.key ?? key, list: [...all] });
  };
  for (const [key, names] of NUMBERS) {
    const found = numberAndTotal(values, names);
    if (found !== undefined) add(key, [[found.number, found.total].filter(Boolean).join('/')]);
  }
  for (const [name, list] of values) {
    if (!isSaidByNumber(name, values, NUMBERS)) add(keyOf(name), list);
  }
  return [...texts.values()].map(({ key, list }) => item(key, Buffer.from(list.join('\0')), 0));
}

/** Keys are ASCII of 2 to 255 characters; some words are kept for other things. */
function keyOf(name: string): string {
  const key = KEYS[name] ?? (freeNames[name] === undefined ? name : name.toUpperCase());
  const plain = key.replaceAll(/[^ -~]/g, '_').slice(0, 200);
  return plain.length < 2 || /^(ID3|TAG|OggS|MP\+)$/i.test(plain) ? `${plain}_` : plain;
}

function pictureItem(picture: Picture): Buffer {
  const kind = picture.mime.split('/')[1] ?? 'bin';
  const name = Buffer.from(`${picture.description || pictureKey(picture)}.${kind}\0`, 'utf8');
  return item(pictureKey(picture), Buffer.concat([name, picture.data]), BINARY);
}

function pictureKey({ type }: Picture): string {
  return `Cover Art (${PICTURE_KEYS[type] ?? 'Other'})`;
}

function item(key: string, value: Buffer, flags: number): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(value.length, 0);
  head.writeUInt32LE(flags, 4);
  return Buffer.concat([head, Buffer.from(`${key}\0`, 'latin1'), value]);
}
