import type { FileHandle } from 'node:fs/promises';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { BlockType, decodeComments, layOutComments } from '../sources/flac-blocks.js';
import type { CommentField } from '../sources/flac-metadata.js';
import { readAt, readChunks } from './read-at.js';
import { replaceHead } from './replace-head.js';
import type { TagContent } from './tag-content.js';
import { renderComment, renderPicture, vendorOf } from './vorbis-comment.js';

const PADDING = 1;
const SEEKTABLE = 3;
const PADDING_BYTES = 4096;
const MAX_BLOCK_BYTES = 2 ** 24 - 1;
const CHANNEL_MASK = 'WAVEFORMATEXTENSIBLE_CHANNEL_MASK';

/**
 * Replaces the tags of a FLAC file, in place. What describes its own audio is kept: STREAMINFO, the
 * seek table, the vendor string and the channel mask.
 */
export async function tagFlac(
  file: FileHandle,
  content: TagContent,
): Promise<Result<void, string>> {
  const found = await readBlocks(file);
  if (found === undefined) return err('its FLAC metadata is not whole');
  const comment = found.blocks.find((block) => block.type === BlockType.vorbisComment)?.bytes;
  const vendor = (comment && vendorOf(comment)) ?? Buffer.alloc(0);
  const fields = [...channelMask(comment), ...content.fields];
  const blocks: readonly Block[] = [
    ...found.blocks.filter(({ type }) => type === BlockType.streamInfo || type === SEEKTABLE),
    { type: BlockType.vorbisComment, bytes: renderComment(vendor, fields) },
    ...(content.cueSheet === undefined
      ? []
      : [{ type: BlockType.cueSheet, bytes: Buffer.from(content.cueSheet) }]),
    ...content.pictures.map((picture) => ({
      type: BlockType.picture,
      bytes: renderPicture(picture),
    })),
    { type: PADDING, bytes: Buffer.alloc(PADDING_BYTES) },
  ];
  const large = blocks.find((block) => block.bytes.length > MAX_BLOCK_BYTES);
  if (large !== undefined)
    return err('its tags or a picture are over 16 MiB, the most FLAC can hold');
  await replaceHead(file, renderBlocks(blocks), {
    start: found.end,
    chunks: readChunks(file, found.end),
  });
  return ok(undefined);
}

interface Block {
  readonly type: number;
  readonly bytes: Buffer;
}

async function readBlocks(
  file: FileHandle,
): Promise<{ blocks: readonly Block[]; end: number } | undefined> {
  const blocks: Block[] = [];
  let at = 4;
  for (let last = false; !last;) {
    const header = await readAt(file, at, 4);
    if (header.length < 4) return undefined;
    const length = header.readUIntBE(1, 3);
    const bytes = await readAt(file, at + 4, length);
    if (bytes.length < length) return undefined;
    blocks.push({ type: header.readUInt8(0) & 0x7f, bytes });
    last = header.readUInt8(0) > 0x7f;
    at += 4 + length;
  }
  return { blocks, end: at };
}

/** flac itself writes the field when the order of channels is not the usual one. */
function channelMask(comment: Buffer | undefined): readonly CommentField[] {
  if (comment === undefined) return [];
  const { comments } = decodeComments(comment, layOutComments(comment));
  return comments.filter((field) => field.name === CHANNEL_MASK);
}

function renderBlocks(blocks: readonly Block[]): Buffer {
  const parts: Buffer[] = [Buffer.from('fLaC', 'latin1')];
  for (const [index, block] of blocks.entries()) {
    const header = Buffer.alloc(4);
    header.writeUIntBE(block.bytes.length, 1, 3);
    header[0] = block.type + (index === blocks.length - 1 ? 0x80 : 0);
    parts.push(header, block.bytes);
  }
  return Buffer.concat(parts);
}
