import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { totalLength } from '../lib/total-length.js';
import { freeNames, only24, roles, textFrames, urlFrames } from './id3-map.js';
import { Id3Writer, uniqueFileId, urlLink } from './id3-frame.js';
import type { Id3Frame, Id3Version } from './id3-frame.js';
import { valuesByName } from './choose-fields.js';
import { isSaidByNumber, numberAndTotal } from './tag-content.js';
import type { TagContent } from './tag-content.js';

const HEADER_BYTES = 10;
const PADDING_BYTES = 1024;
/** Sizes have four bytes of seven bits each. */
const MAX_TAG_BYTES = 2 ** 28 - 1;

type Values = ReadonlyMap<string, readonly string[]>;

/** Renders a whole ID3v2 tag with its padding: the same content has the same bytes. */
export function renderId3(content: TagContent, version: Id3Version): Result<Buffer, string> {
  const writer = new Id3Writer(version);
  const values = valuesByName(content.fields);
  const parts = [
    ...numberFrames(writer, values),
    ...dateFrames(writer, values),
    ...peopleFrames(writer, values),
    ...fieldFrames(writer, values),
    ...content.pictures.map((picture) => writer.picture(picture)),
  ].flatMap((frame) => renderFrame(frame, version));
  parts.push(Buffer.alloc(PADDING_BYTES));
  const length = totalLength(parts);
  if (length > MAX_TAG_BYTES) return err('its tags are over 256 MiB, the most ID3v2 can hold');
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('ID3', 'latin1');
  header[3] = version === '2.4' ? 4 : 3;
  writeSyncSafe(header, length, 6);
  return ok(Buffer.concat([header, ...parts]));
}

/** In pieces, as its body is. */
function renderFrame(frame: Id3Frame, version: Id3Version): readonly Uint8Array[] {
  const header = Buffer.alloc(HEADER_BYTES);
  const length = totalLength(frame.body);
  header.write(frame.id, 'latin1');
  if (version === '2.4') writeSyncSafe(header, length, 4);
  else header.writeUInt32BE(length, 4);
  return [header, ...frame.body];
}

function writeSyncSafe(bytes: Buffer, value: number, at: number): void {
  for (let index = 0; index < 4; index += 1)
    bytes[at + index] = (value >>> (21 - 7 * index)) & 0x7f;
}

const NUMBERS = [
  ['TRCK', ['TRACKNUMBER', 'TRACKTOTAL']],
  ['TPOS', ['DISCNUMBER', 'DISCTOTAL']],
  ['MVIN', ['MOVEMENT', 'MOVEMENTTOTAL']],
] as const;

function numberFrames(writer: Id3Writer, values: Values): readonly Id3Frame[] {
  return NUMBERS.flatMap(([id, names]) => {
    const found = numberAndTotal(values, names);
    if (found === undefined) return [];
    return [writer.text(id, [[found.number, found.total].filter(Boolean).join('/')])];
  });
}

/** What the frames of 2.3 cannot say (a month alone, a time, several dates) is kept beside them. */
function longDate(writer: Id3Writer, name: string, values: readonly string[]): readonly Id3Frame[] {
  const fits = name === 'DATE' ? /^\d{4}(-\d\d-\d\d)?$/ : /^\d{4}$/;
  const whole = values.length <= 1 && values.every((value) => fits.test(value));
  return whole ? [] : [writer.userText(name, [...new Set(values)])];
}

/** 2.4 takes dates as they are; 2.3 has a frame for the year and one for day and month. */
function dateFrames(writer: Id3Writer, values: Values): readonly Id3Frame[] {
  const date = values.get('DATE') ?? values.get('YEAR') ?? [];
  const original = values.get('ORIGINALDATE') ?? values.get('ORIGINALYEAR') ?? [];
  const frames: Id3Frame[] = [];
  if (writer.version === '2.4') {
    if (date.length > 0) frames.push(writer.text('TDRC', date));
    if (original.length > 0) frames.push(writer.text('TDOR', original));
    return frames;
  }
  const [, year = date[0], month, day] = /^(\d{4})-(\d\d)-(\d\d)/.exec(date[0] ?? '') ?? [];
  if (year !== undefined) frames.push(writer.text('TYER', [year.slice(0, 4)]));
  if (month !== undefined && day !== undefined) frames.push(writer.text('TDAT', [day + month]));
  if (original[0] !== undefined) frames.push(writer.text('TORY', [original[0].slice(0, 4)]));
  return [
    ...frames,
    ...longDate(writer, 'DATE', date),
    ...longDate(writer, 'ORIGINALDATE', original),
  ];
}

/** Pairs of role and name: TIPL and TMCL in 2.4, both in IPLS in 2.3. */
function peopleFrames(writer: Id3Writer, values: Values): readonly Id3Frame[] {
  const involved = Object.entries(roles).flatMap(([field, role]) =>
    (values.get(field) ?? []).flatMap((name) => [role, name]),
  );
  const musicians = (values.get('PERFORMER') ?? []).flatMap((value) => {
    const [, name = value, part = 'performer'] = /^(.*\S)\s*\(([^()]*)\)$/.exec(value) ?? [];
    return [part, name];
  });
  const lists =
    writer.version === '2.4'
      ? ([
          ['TIPL', involved],
          ['TMCL', musicians],
        ] as const)
      : ([['IPLS', [...involved, ...musicians]]] as const);
  return lists.flatMap(([id, list]) => (list.length === 0 ? [] : [writer.list(id, list)]));
}

/** Fields that the functions above have taken. */
const TAKEN = new Set(['DATE', 'ORIGINALDATE', 'PERFORMER', ...Object.keys(roles)]);

function fieldFrames(writer: Id3Writer, values: Values): readonly Id3Frame[] {
  const texts = new Map<string, readonly string[]>();
  const others: Id3Frame[] = [];
  for (const [name, list] of values) {
    if (isTaken(name, values)) continue;
    const id = textFrames[name];
    if (id !== undefined && (writer.version === '2.4' || !only24.has(id))) {
      texts.set(id, [...new Set([...(texts.get(id) ?? []), ...list])]);
    } else if (isSecond(name, values)) others.push(writer.userText(name, list));
    else others.push(...otherFrames(writer, name, list));
  }
  return [...[...texts].map(([id, list]) => writer.text(id, list)), ...others];
}

function isTaken(name: string, values: Values): boolean {
  if (name === 'YEAR') return !values.has('DATE');
  if (name === 'ORIGINALYEAR') return !values.has('ORIGINALDATE');
  return TAKEN.has(name) || isSaidByNumber(name, values, NUMBERS);
}

/** COMM and USLT stand once in a tag: the second field that maps there keeps its own name. */
function isSecond(name: string, values: Values): boolean {
  return (
    (name === 'DESCRIPTION' && values.has('COMMENT')) ||
    (name === 'UNSYNCEDLYRICS' && values.has('LYRICS'))
  );
}

function otherFrames(
  writer: Id3Writer,
  name: string,
  values: readonly string[],
): readonly Id3Frame[] {
  const [value = '', ...more] = values;
  const link = urlFrames[name];
  if (link !== undefined && values.length === 1 && /^https?:\/\/[!-~]+$/.test(value)) {
    return [urlLink(link, value)];
  }
  switch (name) {
    case 'COMMENT':
    case 'DESCRIPTION':
      return [writer.languageText('COMM', values.join('\n'))];
    case 'LYRICS':
    case 'UNSYNCEDLYRICS':
      return [writer.languageText('USLT', values.join('\n'))];
    case 'MUSICBRAINZ_TRACKID':
      // One identifier an owner: further ones have no place but under the field's own name.
      return [
        uniqueFileId('http://musicbrainz.org', value),
        ...(more.length === 0 ? [] : [writer.userText(name, more)]),
      ];
    default:
      return [writer.userText(freeNames[name] ?? name, values)];
  }
}
