import type { Picture } from '../sources/flac-metadata.js';
import { freeNames } from './id3-map.js';
import { renderBox } from './mp4-box.js';
import { freeAtoms, integerAtoms, textAtoms } from './mp4-map.js';
import { valuesByName } from './choose-fields.js';
import { numberAndTotal } from './tag-content.js';
import type { TagContent } from './tag-content.js';

const IMPLICIT = 0;
const TEXT = 1;
const JPEG = 13;
const PNG = 14;
const INTEGER = 21;

const FRONT_COVER = 3;

type Values = ReadonlyMap<string, readonly string[]>;

/** An iTunes tag: the content of `udta`. Several values of a field are several `data` boxes of one atom. */
export function renderItunesTag(content: TagContent): Buffer {
  const values = valuesByName(content.fields);
  const items = [...fieldAtoms(values), ...numberAtoms(values), ...covers(content.pictures)];
  const handler = Buffer.alloc(25);
  handler.write('mdirappl', 8, 'latin1');
  const meta = [Buffer.alloc(4), renderBox('hdlr', handler), renderBox('ilst', ...items)];
  return renderBox('udta', renderBox('meta', ...meta));
}

function fieldAtoms(values: Values): readonly Buffer[] {
  const texts = new Map<string, readonly string[]>();
  const others: Buffer[] = [];
  for (const [name, list] of values) {
    const atom = textAtoms[name];
    if (atom !== undefined) texts.set(atom, [...(texts.get(atom) ?? []), ...list]);
    else if (!isTaken(name, values)) others.push(otherAtom(name, list));
  }
  const known = [...texts].map(([atom, list]) => renderBox(atom, ...list.map(textData)));
  return [...known, ...others];
}

function otherAtom(name: string, values: readonly string[]): Buffer {
  const [atom, bytes = 1] = integerAtoms[name] ?? [];
  const number = Number(values[0]);
  const fits = Number.isInteger(number) && number >= 0 && number < 256 ** bytes;
  if (atom !== undefined && fits && values.length === 1) {
    const content = Buffer.alloc(bytes);
    content.writeUIntBE(number, 0, bytes);
    return renderBox(atom, data(INTEGER, content));
  }
  return renderBox(
    '----',
    freeText('mean', 'com.apple.iTunes'),
    freeText('name', freeAtoms[name] ?? freeNames[name] ?? name),
    ...values.map(textData),
  );
}

const NUMBERS = [
  ['trkn', ['TRACKNUMBER', 'TRACKTOTAL'], 8],
  ['disk', ['DISCNUMBER', 'DISCTOTAL'], 6],
] as const;

function isTaken(name: string, values: Values): boolean {
  const numbered = NUMBERS.find(([, names]) => names.some((each) => each === name));
  if (numbered === undefined || values.get(name)?.length !== 1) return false;
  return position(values, numbered[1]) !== undefined;
}

function numberAtoms(values: Values): readonly Buffer[] {
  return NUMBERS.flatMap(([atom, names, bytes]) => {
    const found = position(values, names);
    if (found === undefined) return [];
    const content = Buffer.alloc(bytes);
    content.writeUInt16BE(found.number, 2);
    content.writeUInt16BE(found.total, 4);
    return [renderBox(atom, data(IMPLICIT, content))];
  });
}

/** Number and total as 16 bits can hold them; `A1` and the like stay text. */
function position(
  values: Values,
  names: readonly [string, string],
): { readonly number: number; readonly total: number } | undefined {
  const found = numberAndTotal(values, names);
  const number = Number(found?.number);
  const total = Number(found?.total ?? 0);
  return isUint16(number) && isUint16(total) ? { number, total } : undefined;
}

function isUint16(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xffff;
}

/** Players show the first picture: the front cover, where there is one. */
function covers(pictures: readonly Picture[]): readonly Buffer[] {
  const usable = pictures.filter((picture) => coverFlag(picture) !== undefined);
  const sorted = usable.toSorted(
    (a, b) => Number(b.type === FRONT_COVER) - Number(a.type === FRONT_COVER),
  );
  if (sorted.length === 0) return [];
  return [
    renderBox(
      'covr',
      ...sorted.map((picture) => data(coverFlag(picture) ?? IMPLICIT, picture.data)),
    ),
  ];
}

/** By the first bytes, because MIME types in files are often wrong. MP4 tags take JPEG and PNG only. */
export function coverFlag(picture: Picture): number | undefined {
  const start = Buffer.from(picture.data.subarray(0, 4)).toString('latin1');
  if (start.startsWith('\xff\xd8')) return JPEG;
  return start === '\x89PNG' ? PNG : undefined;
}

function textData(text: string): Buffer {
  return data(TEXT, Buffer.from(text, 'utf8'));
}

function data(flag: number, content: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(flag, 0);
  return renderBox('data', head, content);
}

function freeText(type: string, text: string): Buffer {
  return renderBox(type, Buffer.alloc(4), Buffer.from(text, 'utf8'));
}
