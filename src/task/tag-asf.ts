import type { FileHandle } from 'node:fs/promises';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { asfText, asfValues } from './asf-values.js';
import type { AsfValue } from './asf-values.js';
import { readAt, readChunks } from './read-at.js';
import { replaceHead } from './replace-head.js';
import type { TagContent } from './tag-content.js';

/*
 * ASF begins with a header object that holds others: each is a GUID, its length in 64 bits, and its
 * content. Tags stand in three of them: five fixed texts, any number of named values, and, inside the
 * header extension, named values that may be longer than 64 KiB.
 */

const HEADER = '3026b2758e66cf11a6d900aa0062ce6c';
const DESCRIPTION = '3326b2758e66cf11a6d900aa0062ce6c';
const EXTENDED = '40a4d0d207e3d21197f000a0c95ea850';
const EXTENSION = 'b503bf5f2ea9cf118ee300c00c205365';
const LIBRARY = '941c23449894d149a1411d134e457054';
const FILE_PROPERTIES = 'a1dcab8c47a9cf118ee400c00c205365';
const OBJECT_BYTES = 24;
const HEADER_BYTES = 30;
const FILE_SIZE_AT = 16;
const MAX_HEADER_BYTES = 64 * 1024 * 1024;
/** Of the extension, before its own objects. */
const EXTENSION_HEAD_BYTES = OBJECT_BYTES + 22;
const MAX_SHORT_BYTES = 65_535;

/** Replaces the tags of an ASF file, in place; the packets behind the header move with it. */
export async function tagAsf(file: FileHandle, content: TagContent): Promise<Result<void, string>> {
  const start = await readAt(file, 0, HEADER_BYTES);
  if (start.length < HEADER_BYTES || start.toString('hex', 0, 16) !== HEADER) {
    return err('it has no ASF header');
  }
  const length = Number(start.readBigUInt64LE(16));
  if (length > MAX_HEADER_BYTES) return err('its ASF header is too long');
  const found = objectsIn((await readAt(file, 0, length)).subarray(HEADER_BYTES));
  if (found === undefined) return err('its ASF header is not whole');
  const { values } = asfValues(content);
  if (values.length > MAX_SHORT_BYTES) return err('ASF has no room for so many tags');
  const long = values.find(({ name }) => asfText(name).length > MAX_SHORT_BYTES);
  if (long !== undefined) return err(`ASF has no room for the tag ${long.name.slice(0, 40)}...`);
  const objects = withTags(found, content);
  if (objects === undefined) return err('its ASF header has no sound extension');
  start.writeBigUInt64LE(BigInt(HEADER_BYTES + Buffer.concat(objects).length), 16);
  start.writeUInt32LE(objects.length, 24);
  const { size } = await file.stat();
  const head = Buffer.concat([start, ...objects]);
  putFileSize(head, size - length + head.length);
  await replaceHead(file, head, { start: length, chunks: readChunks(file, length) });
  return ok(undefined);
}

/** The objects that fill `bytes`. */
function objectsIn(bytes: Buffer): readonly Buffer[] | undefined {
  const objects: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + OBJECT_BYTES > bytes.length) return undefined;
    const length = Number(bytes.readBigUInt64LE(at + 16));
    if (length < OBJECT_BYTES || at + length > bytes.length) return undefined;
    objects.push(bytes.subarray(at, at + length));
    at += length;
  }
  return objects;
}

function putFileSize(head: Buffer, size: number): void {
  const at = head.indexOf(Buffer.from(FILE_PROPERTIES, 'hex'));
  if (at >= 0) head.writeBigUInt64LE(BigInt(size), at + OBJECT_BYTES + FILE_SIZE_AT);
}

/** The same objects with other tags; `undefined` where the extension, which every file has, is broken. */
function withTags(objects: readonly Buffer[], content: TagContent): readonly Buffer[] | undefined {
  const { fixed, values } = asfValues(content);
  // All pictures in one place, so that they keep their order.
  const apart = values.some((value) => value.type === 1 && isLong(value));
  const long = values.filter((value) => isLong(value) || (apart && value.type === 1));
  const short = values.filter((value) => !long.includes(value));
  const extension = objects.find((one) => kindOf(one) === EXTENSION);
  const inner = extension && objectsIn(extension.subarray(EXTENSION_HEAD_BYTES));
  if (extension === undefined || inner === undefined) return undefined;
  const extended = Buffer.concat([
    ...inner.filter((one) => kindOf(one) !== LIBRARY),
    ...(long.length === 0 ? [] : [library(long)]),
  ]);
  const lengths = fixed.map((value) => uint16(value.length));
  return [
    ...objects.filter((one) => ![DESCRIPTION, EXTENDED, EXTENSION].includes(kindOf(one))),
    object(DESCRIPTION, [...lengths, ...fixed]),
    object(EXTENDED, [uint16(short.length), ...short.flatMap(shortValue)]),
    object(EXTENSION, [extension.subarray(24, 42), uint32(extended.length), extended]),
  ];
}

function isLong({ value }: AsfValue): boolean {
  return value.length > MAX_SHORT_BYTES;
}

function shortValue({ name, type, value }: AsfValue): readonly Buffer[] {
  const key = asfText(name);
  return [uint16(key.length), key, uint16(type), uint16(value.length), value];
}

/** Language and stream come first: zero stands for the whole file. */
function library(values: readonly AsfValue[]): Buffer {
  const records = values.flatMap(({ name, type, value }) => {
    const key = asfText(name);
    const head = [uint16(0), uint16(0), uint16(key.length), uint16(type), uint32(value.length)];
    return [...head, key, value];
  });
  return object(LIBRARY, [uint16(values.length), ...records]);
}

function kindOf(bytes: Buffer): string {
  return bytes.toString('hex', 0, 16);
}

function object(guid: string, content: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(OBJECT_BYTES), ...content]);
  bytes.write(guid, 'hex');
  bytes.writeBigUInt64LE(BigInt(bytes.length), 16);
  return bytes;
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
