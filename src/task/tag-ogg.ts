import type { FileHandle } from 'node:fs/promises';
import { giveChunk } from '../lib/file-chunks.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { totalLength } from '../lib/total-length.js';
import { CONTINUED, PAGE_HEADER_BYTES, renumberPage, writePage } from './ogg-page.js';
import type { OggPage } from './ogg-page.js';
import { readPages } from './ogg-pages.js';
import { replaceHead } from './replace-head.js';
import type { TagContent } from './tag-content.js';
import { commentParts, renderPicture, vendorOf } from './vorbis-comment.js';

/** The header packets of a codec in Ogg: how many there are, and what surrounds the comment. */
interface OggHeaders {
  readonly count: number;
  readonly magic: string;
  readonly end: string;
}

/** Ogg Opus: the comment is the last header packet. */
export const opusHeaders: OggHeaders = { count: 2, magic: 'OpusTags', end: '' };
/** The comment packet of Vorbis ends with a framing bit. */
export const vorbisHeaders: OggHeaders = { count: 3, magic: '\x03vorbis', end: '\x01' };

/** Ogg Speex: its comment has neither a name nor an end of its own. */
export const speexHeaders: OggHeaders = { count: 2, magic: '', end: '' };

const MAX_HEADER_BYTES = 512 * 1024 * 1024;

/**
 * Replaces all tags of an Ogg file, in place. The header packets are laid out into pages anew, always
 * the same way; the pages of audio only get new numbers where the count of header pages changes.
 */
export async function tagOgg(
  file: FileHandle,
  headers: OggHeaders,
  content: TagContent,
): Promise<Result<void, string>> {
  const found = await readHeaders(file, headers.count);
  if (found === undefined) return err('its Ogg headers are not whole');
  const [, comment, ...setup] = found.packets;
  const vendor = comment && vendorOf(comment.subarray(headers.magic.length));
  if (vendor === undefined) return err('its Ogg comment header is not whole');
  const packets = [commentPacket(headers, vendor, content), ...setup.map((packet) => [packet])];
  const { head, pageCount } = paginate(packets, found.first);
  await replaceHead(file, head, {
    start: found.end,
    chunks: renumbered(file, found.end, pageCount - found.pageCount),
  });
  return ok(undefined);
}

interface FoundHeaders {
  readonly first: OggPage;
  readonly packets: readonly Buffer[];
  readonly pageCount: number;
  /** Offset of the first page of audio. */
  readonly end: number;
}

/** The first packets of a stream; header packets always end with a page. */
export async function readHeaders(
  file: FileHandle,
  count: number,
): Promise<FoundHeaders | undefined> {
  const packets: Buffer[] = [];
  let first: OggPage | undefined;
  let open: Buffer[] = [];
  let pageCount = 0;
  let end = 0;
  for await (const run of readPages(file, 0)) {
    try {
      for (const page of run.pages) {
        first ??= page.copy();
        pageCount += 1;
        end += page.bytes.length;
        open = splitPackets(page, open, packets);
        if (packets.length >= count) {
          const clean = packets.length === count && open.length === 0;
          return clean ? { first, packets, pageCount, end } : undefined;
        }
        if (end > MAX_HEADER_BYTES) return undefined;
      }
    } finally {
      giveChunk(run.bytes);
    }
  }
  return undefined;
}

/** Adds the packets that end on the page to `packets`; returns the beginning of one that does not. All are copies. */
function splitPackets(page: OggPage, begun: Buffer[], packets: Buffer[]): Buffer[] {
  let open = begun;
  let from = 0;
  let at = 0;
  for (const length of page.lacing) {
    at += length;
    if (length === 255) continue;
    packets.push(Buffer.concat([...open, page.body.subarray(from, at)]));
    open = [];
    from = at;
  }
  return from < at ? [...open, Buffer.from(page.body.subarray(from, at))] : open;
}

/** In pieces: with a picture it is large, and each copy costs. */
type Packet = readonly Buffer[];

function commentPacket(headers: OggHeaders, vendor: Buffer, content: TagContent): Packet {
  const pictures = content.pictures.map((picture) => ({
    name: 'METADATA_BLOCK_PICTURE',
    value: renderPicture(picture).toString('base64'),
  }));
  return [
    Buffer.from(headers.magic, 'latin1'),
    ...commentParts(vendor, [...content.fields, ...pictures]),
    Buffer.from(headers.end, 'latin1'),
  ];
}

const MAX_SEGMENTS = 255;

/** Lays packets out over pages of up to 255 segments, numbered from 1, behind the stream's first page. */
function paginate(
  packets: readonly Packet[],
  first: OggPage,
): { readonly head: Buffer; readonly pageCount: number } {
  const body = Buffer.concat(packets.flat());
  const lacing = Uint8Array.from(packets.flatMap(lacingOf));
  const pageCount = 1 + Math.ceil(lacing.length / MAX_SEGMENTS);
  const headers = (pageCount - 1) * PAGE_HEADER_BYTES + lacing.length;
  const head = Buffer.allocUnsafe(first.bytes.length + headers + body.length);
  let writtenTo = first.bytes.copy(head);
  let from = 0;
  for (let sequence = 1; sequence < pageCount; sequence += 1) {
    const index = (sequence - 1) * MAX_SEGMENTS;
    const part = lacing.subarray(index, index + MAX_SEGMENTS);
    const to = from + part.reduce((sum, length) => sum + length, 0);
    writtenTo = writePage(head, writtenTo, {
      flags: lacing[index - 1] === 255 ? CONTINUED : 0,
      granule: part.some((length) => length < 255) ? 0n : -1n,
      serial: first.serial,
      sequence,
      lacing: part,
      body: body.subarray(from, to),
    });
    from = to;
  }
  return { head, pageCount };
}

/** The lengths of a packet's segments. */
function lacingOf(packet: Packet): readonly number[] {
  const length = totalLength(packet);
  const full = Math.floor(length / 255);
  return [...Array.from({ length: full }, () => 255), length % 255];
}

/** The pages of audio with `shift` added to their numbers. */
async function* renumbered(
  file: FileHandle,
  from: number,
  shift: number,
): AsyncGenerator<Buffer, void> {
  for await (const run of readPages(file, from)) {
    for (const page of run.pages) if (shift !== 0) renumberPage(page.bytes, page.sequence + shift);
    yield run.bytes;
  }
}
