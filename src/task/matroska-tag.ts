import { renderElement } from './ebml.js';
import { valuesByName } from './choose-fields.js';
import { numberAndTotal } from './tag-content.js';
import type { TagContent } from './tag-content.js';
import type { Picture } from '../sources/flac-metadata.js';

/** IDs of Matroska's elements, as far as tags have to do with them. */
export const MATROSKA = {
  segment: 0x1853_8067,
  seekHead: 0x114d_9b74,
  seek: 0x4dbb,
  seekId: 0x53ab,
  seekPosition: 0x53ac,
  void: 0xec,
  tags: 0x1254_c367,
  attachments: 0x1941_a469,
} as const;

const TAG = 0x7373;
const TARGETS = 0x63c0;
const TARGET_TYPE_VALUE = 0x68ca;
/** All is said of the track, as in other formats. */
const TRACK = Buffer.of(30);
const SIMPLE_TAG = 0x67c8;
const TAG_NAME = 0x45a3;
const TAG_STRING = 0x4487;
const FILE = 0x61a7;
const FILE_DESCRIPTION = 0x467e;
const FILE_NAME = 0x466e;
const FILE_MIME = 0x4660;
const FILE_DATA = 0x465c;
const FILE_UID = 0x46ae;

/** Names that players know; other fields keep theirs. */
const NAMES: Readonly<Record<string, string>> = {
  ALBUMARTIST: 'ALBUM_ARTIST',
  TRACKNUMBER: 'PART_NUMBER',
  TRACKTOTAL: 'TOTAL_PARTS',
};

/** The names of files whose picture is shown as the cover. */
const COVERS: Readonly<Record<number, string>> = { 3: 'cover' };

/** `Tags` and `Attachments` with all that a tag says; empty where it says nothing. */
export function renderMatroskaTags(content: TagContent): readonly Buffer[] {
  const { pictures } = content;
  const fields = fieldsOf(content);
  const target = renderElement(TARGETS, renderElement(TARGET_TYPE_VALUE, TRACK));
  return [
    ...(fields.length === 0
      ? []
      : [renderElement(MATROSKA.tags, renderElement(TAG, target, ...fields))]),
    ...(pictures.length === 0
      ? []
      : [renderElement(MATROSKA.attachments, ...pictures.map(renderPicture))]),
  ];
}

/** One element a value: Matroska has them side by side. */
function fieldsOf({ fields }: TagContent): readonly Buffer[] {
  const values = new Map(valuesByName(fields));
  const track = numberAndTotal(values, ['TRACKNUMBER', 'TRACKTOTAL']);
  if (track !== undefined && values.get('TRACKNUMBER')?.length === 1) {
    values.set('TRACKNUMBER', [track.number]);
    if (track.total !== undefined) putFirst(values, 'TRACKTOTAL', track.total);
  }
  return [...values].flatMap(([name, list]) =>
    list.map((value) =>
      renderElement(SIMPLE_TAG, text(TAG_NAME, NAMES[name] ?? name), text(TAG_STRING, value)),
    ),
  );
}

function putFirst(values: Map<string, string[]>, name: string, value: string): void {
  const known = values.get(name) ?? [];
  if (!known.includes(value)) values.set(name, [value, ...known]);
}

function renderPicture(picture: Picture, at: number): Buffer {
  const uid = Buffer.alloc(8);
  uid.writeBigUInt64BE(BigInt(at + 1));
  const kind = picture.mime === 'image/jpeg' ? 'jpg' : (picture.mime.split('/')[1] ?? 'bin');
  const name = COVERS[picture.type] ?? `picture-${picture.type}`;
  return renderElement(
    FILE,
    ...(picture.description === '' ? [] : [text(FILE_DESCRIPTION, picture.description)]),
    text(FILE_NAME, `${name}${at === 0 || picture.type !== 3 ? '' : `-${at + 1}`}.${kind}`),
    text(FILE_MIME, picture.mime || 'application/octet-stream'),
    renderElement(FILE_DATA, Buffer.from(picture.data)),
    renderElement(FILE_UID, uid),
  );
}

function text(id: number, value: string): Buffer {
  return renderElement(id, Buffer.from(value, 'utf8'));
}
