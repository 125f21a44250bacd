import type { FileHandle } from 'node:fs/promises';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import {
  EBML_HEADER_BYTES,
  elementsIn,
  readElement,
  renderElement,
  renderId,
  renderSize,
} from './ebml.js';
import type { EbmlElement } from './ebml.js';
import { MATROSKA, renderMatroskaTags } from './matroska-tag.js';
import { readAt, writeAt } from './read-at.js';
import type { TagContent } from './tag-content.js';

/*
 * ffmpeg writes SeekHead, room behind it, what describes the stream, the audio and an index. Tags are put
 * behind all that, so that nothing moves, and the SeekHead says where they are.
 */

interface Segment {
  readonly self: EbmlElement;
  readonly children: readonly EbmlElement[];
}

/** Replaces the tags at the end of a Matroska file, in place. */
export async function tagMatroska(
  file: FileHandle,
  content: TagContent,
): Promise<Result<void, string>> {
  const segment = await readSegment(file);
  if (segment === undefined) return err('its Matroska elements do not fill it');
  const { self, children } = segment;
  const own = children.findLastIndex(({ id }) => !isTag(id)) + 1;
  const end = children[own - 1]?.end ?? self.content;
  const tags = renderMatroskaTags(content);
  const head = await renderSeekHead(file, segment, { end, tags });
  if (head === undefined) return err('its SeekHead has no room for tags');
  await writeAt(file, Buffer.concat(tags), end);
  const length = end + Buffer.concat(tags).length;
  await file.truncate(length);
  await writeAt(file, head.bytes, head.at);
  await writeAt(file, renderSize(length - self.content), self.content - 8);
  return ok(undefined);
}

function isTag(id: number): boolean {
  return id === MATROSKA.tags || id === MATROSKA.attachments;
}

/** The segment and what it consists of; its length must be written in eight bytes, as ffmpeg does. */
async function readSegment(file: FileHandle): Promise<Segment | undefined> {
  const { size } = await file.stat();
  const elementAt = async (at: number): Promise<EbmlElement | undefined> => {
    const found = readElement(await readAt(file, at, EBML_HEADER_BYTES), 0);
    return found && { id: found.id, start: at, content: at + found.content, end: at + found.end };
  };
  const header = await elementAt(0);
  const self = header && (await elementAt(header.end));
  if (self?.id !== MATROSKA.segment || self.content - self.start !== 12 || self.end !== size) {
    return undefined;
  }
  const children: EbmlElement[] = [];
  for (let at = self.content; at < size;) {
    const child = await elementAt(at);
    if (child === undefined || child.end > size) return undefined;
    children.push(child);
    at = child.end;
  }
  return { self, children };
}

/** The SeekHead with the places of the tags, and what is left of the room behind it. */
async function renderSeekHead(
  file: FileHandle,
  { self, children }: Segment,
  made: { readonly end: number; readonly tags: readonly Buffer[] },
): Promise<{ readonly at: number; readonly bytes: Buffer } | undefined> {
  const [seekHead, room] = children;
  if (seekHead?.id !== MATROSKA.seekHead) return undefined;
  const roomEnd = room?.id === MATROSKA.void ? room.end : seekHead.end;
  const old = await readAt(file, seekHead.content, seekHead.end - seekHead.content);
  const behind = made.end - self.content;
  const kept = elementsIn(old)
    .map(({ start, end }) => old.subarray(start, end))
    .filter((seek) => positionOf(seek) < behind);
  let position = behind;
  const added = made.tags.map((tag) => {
    const seek = renderSeek(tag.readUInt32BE(0), position);
    position += tag.length;
    return seek;
  });
  const bytes = Buffer.concat([short(MATROSKA.seekHead, Buffer.concat([...kept, ...added]))]);
  const left = roomEnd - seekHead.start - bytes.length;
  if (left < 0 || left === 1) return undefined;
  return { at: seekHead.start, bytes: Buffer.concat([bytes, padding(left)]) };
}

function positionOf(seek: Buffer): number {
  const [self] = elementsIn(seek);
  const content = seek.subarray(self?.content ?? 0);
  const found = elementsIn(content).find(({ id }) => id === MATROSKA.seekPosition);
  if (found === undefined) return 0;
  return Number(`0x${content.toString('hex', found.content, found.end) || '0'}`);
}

function renderSeek(id: number, position: number): Buffer {
  const where = Buffer.alloc(8);
  where.writeBigUInt64BE(BigInt(position));
  return short(
    MATROSKA.seek,
    Buffer.concat([short(MATROSKA.seekId, renderId(id)), short(MATROSKA.seekPosition, where)]),
  );
}

/** An element with its length in as few bytes as it takes up to 16 KiB: room is scarce here. */
function short(id: number, content: Buffer): Buffer {
  const { length } = content;
  const size =
    length < 0x7f
      ? Buffer.from([0x80 | length])
      : Buffer.from([0x40 | (length >> 8), length & 0xff]);
  return Buffer.concat([renderId(id), size, content]);
}

/** A Void element of so many bytes, 0 or at least 2. */
function padding(bytes: number): Buffer {
  if (bytes === 0) return Buffer.alloc(0);
  if (bytes < 9) return short(MATROSKA.void, Buffer.alloc(bytes - 2));
  return renderElement(MATROSKA.void, Buffer.alloc(bytes - 9));
}
