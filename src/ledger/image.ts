import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import type { AbsolutePath } from '../lib/brand.js';
import type { Disk } from '../lib/disk.js';
import { errorCode } from '../lib/failure.js';
import { totalLength } from '../lib/total-length.js';
import type { LedgerFiles } from './files.js';
import { ImageReader } from './image-parts.js';
import type { ImageWriter } from './image-parts.js';
import type { ShardRef } from './root-file.js';
import { digestShard } from './shard.js';

/*
 * The image: what a ledger's shards come to in memory, as it stands there. It is made of the shards alone,
 * so it may be missing or be removed at any time; where it is there, they need not be parsed, which is most
 * of the work of a plan that finds nothing to do. Later shards come on top of it.
 */

const FORMAT = 'flac2all-image';
/** To be raised with every change of what rows are packed into. */
const VERSION = 1;
const ALIGNMENT = 4;
const LINE_END = 0x0a;
/** Node reads no more in one go. */
const MOST_BYTES = 2 ** 31 - 2 ** 16;
/** The share of all rows that may have to be parsed, because they are in no image yet. */
const MOST_PARSED = 1 / 8;

interface Place {
  readonly files: LedgerFiles;
  readonly base: AbsolutePath;
  readonly disk: Disk;
}

/** The first line of the file. */
interface Header {
  readonly format: string;
  readonly version: number;
  readonly endianness: string;
  readonly base: string;
  /** Digests of the shards that it was made of, oldest first. */
  readonly shards: readonly string[];
  /** Of all that follows the first line. */
  readonly sha256: string;
}

/** An image that holds what is in the first `covered` shards. */
export interface Image {
  readonly covered: number;
  readonly parts: ImageReader;
}

/**
 * The image, when there is a whole one of the first of these shards, and they are whole too; `undefined`
 * otherwise, whatever the reason is: then the shards tell.
 */
export async function readImage(
  place: Place,
  refs: readonly ShardRef[],
): Promise<Image | undefined> {
  return ifPossible(async () => {
    const file = await place.disk.readFile(place.files.image);
    const from = file.indexOf(LINE_END) + 1;
    const header = readHeader(file.toString('utf8', 0, from));
    if (header === undefined || !isOf(header, place, refs)) return undefined;
    const covered = refs.slice(0, header.shards.length);
    const digests = Promise.all(covered.map((ref) => digestShard(place, ref)));
    const isWhole = sha256Of([file.subarray(from)]) === header.sha256;
    const areShards = (await digests).every((digest, at) => digest === covered[at]?.sha256);
    if (!isWhole || !areShards) return undefined;
    return { covered: covered.length, parts: new ImageReader(file, from) };
  });
}

/** `undefined` where the system refuses: nothing depends on an image. */
async function ifPossible<T>(operation: () => Promise<T>): Promise<T | undefined> {
  try {
    return await operation();
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}

function readHeader(line: string): Header | undefined {
  try {
    const header = JSON.parse(line) as Partial<Header> | null;
    return Array.isArray(header?.shards) ? (header as Header) : undefined;
  } catch {
    return undefined;
  }
}

function isOf(
  { format, version, endianness: order, base, shards }: Header,
  place: Place,
  refs: readonly ShardRef[],
): boolean {
  return (
    format === FORMAT &&
    version === VERSION &&
    order === endianness() &&
    base === place.base &&
    shards.length <= refs.length &&
    shards.every((sha256, at) => sha256 === refs[at]?.sha256)
  );
}

/** Whether it is worth while to make an image anew when there is one of the first `covered` shards. */
export function needsImage(refs: readonly ShardRef[], covered: number): boolean {
  return rowsOf(refs.slice(covered)) > MOST_PARSED * rowsOf(refs);
}

export function rowsOf(refs: readonly ShardRef[]): number {
  return refs.reduce((sum, { rows }) => sum + rows, 0);
}

/** Writes the image of these shards; where that is not possible, the next start takes as long as this one. */
export async function writeImage(
  place: Place,
  refs: readonly ShardRef[],
  { parts }: ImageWriter,
): Promise<void> {
  const { files, base, disk } = place;
  if (totalLength(parts) > MOST_BYTES) return removeImage(place);
  const header: Header = {
    format: FORMAT,
    version: VERSION,
    endianness: endianness(),
    base,
    shards: refs.map(({ sha256 }) => sha256),
    sha256: sha256Of(parts),
  };
  const line = Buffer.from(JSON.stringify(header));
  const filling = ' '.repeat(-(line.length + 1) & (ALIGNMENT - 1));
  const unfinished = `${files.image}.new`;
  await ifPossible(async () => {
    await disk.remove(unfinished);
    await disk.writeNew(unfinished, [line, `${filling}\n`, ...parts]);
    await disk.rename(unfinished, files.image);
  });
}

/** Removes an image that is of no use. */
export async function removeImage({ disk, files }: Place): Promise<void> {
  await ifPossible(() => disk.remove(files.image));
}

function sha256Of(parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
