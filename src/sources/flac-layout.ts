import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { ByteRange, Reading } from './byte-reading.js';
import { blockName, BlockType, parseStreamInfo, STREAM_INFO_BYTES } from './flac-blocks.js';
import type { StreamInfo } from './flac-metadata.js';
import { id3v2Length } from './id3v2.js';
import { nameFormat, SNIFF_BYTES } from './name-format.js';
import { problem } from './problem.js';
import type { SourceProblem } from './source.js';

/** Where the metadata of a FLAC file lies. Every range is inside the file. */
export interface FlacLayout {
  readonly id3v2Bytes: number;
  readonly streamInfo: StreamInfo;
  /** The blocks that carry tags, in file order; the content without the block header. */
  readonly tagBlocks: readonly TagBlock[];
}

/** A metadata block that carries tags; the range of its content. */
export interface TagBlock extends ByteRange {
  readonly type: number;
}

/** More than any tool writes; keeps a hostile file from being walked for minutes. */
const MAX_BLOCKS = 65_536;
const MAX_ID3V2_TAGS = 8;
const BLOCK_HEADER_BYTES = 4;

type Step<T> = Reading<Result<T, SourceProblem>>;

/**
 * Walks ID3v2 prefixes, the `fLaC` marker and the block headers of a file of `sizeBytes`. Blocks
 * that carry no tags (PADDING, SEEKTABLE, APPLICATION, unknown) are passed over by their length.
 */
export function* layOutFlac(sizeBytes: number): Step<FlacLayout> {
  const marker = yield* findMarker(sizeBytes);
  if (!marker.ok) return marker;
  const tagBlocks: TagBlock[] = [];
  let streamInfo: StreamInfo | undefined;
  let at = marker.value + 4;
  for (let count = 0; count < MAX_BLOCKS; count += 1) {
    const block = yield* blockAt(at, sizeBytes);
    if (!block.ok) return block;
    const { type, offset, length, last } = block.value;
    if (streamInfo === undefined) {
      const first = yield* readStreamInfo(block.value);
      if (!first.ok) return first;
      streamInfo = first.value;
    } else if (carriesTags(type)) {
      tagBlocks.push({ type, offset, length });
    }
    if (last) return ok({ id3v2Bytes: marker.value, streamInfo, tagBlocks });
    at = offset + length;
  }
  return err(problem('INVALID_HEADER', `more than ${MAX_BLOCKS} metadata blocks`));
}

/** The offset of `fLaC`, behind any ID3v2 tags. */
function* findMarker(sizeBytes: number): Step<number> {
  let at = 0;
  for (let tags = 0; tags <= MAX_ID3V2_TAGS; tags += 1) {
    const head = yield { offset: at, length: Math.min(SNIFF_BYTES, sizeBytes - at) };
    if (startsWith(head, 'fLaC')) return ok(at);
    const tagBytes = id3v2Length(head);
    if (tagBytes === 0) return err(problem('NOT_FLAC', `not FLAC: ${nameFormat(head, at)}`));
    at += tagBytes;
    if (at > sizeBytes) {
      return err(problem('TRUNCATED_HEADER', 'the file ends inside an ID3v2 tag'));
    }
  }
  return err(problem('NOT_FLAC', `not FLAC: more than ${MAX_ID3V2_TAGS} ID3v2 tags in front`));
}

interface BlockHeader extends TagBlock {
  readonly last: boolean;
}

function* blockAt(at: number, sizeBytes: number): Step<BlockHeader> {
  if (at + BLOCK_HEADER_BYTES > sizeBytes) {
    return err(
      problem('TRUNCATED_HEADER', `the file ends before its metadata does (${sizeBytes} bytes)`),
    );
  }
  const [first = 0, high = 0, middle = 0, low = 0] = yield {
    offset: at,
    length: BLOCK_HEADER_BYTES,
  };
  const type = first & 0x7f;
  const offset = at + BLOCK_HEADER_BYTES;
  const length = high * 65_536 + middle * 256 + low;
  if (type === BlockType.forbidden) {
    return err(problem('INVALID_HEADER', `metadata block of the forbidden type 127 at byte ${at}`));
  }
  if (offset + length > sizeBytes) {
    const text = `the file ends inside its ${blockName(type)} block (${sizeBytes - offset} of ${length} bytes)`;
    return err(problem('TRUNCATED_HEADER', text));
  }
  return ok({ type, offset, length, last: first > 0x7f });
}

function* readStreamInfo(block: BlockHeader): Step<StreamInfo> {
  if (block.type !== BlockType.streamInfo) {
    return err(problem('INVALID_HEADER', 'the first metadata block is not STREAMINFO'));
  }
  if (block.length < STREAM_INFO_BYTES) {
    return err(problem('INVALID_HEADER', `STREAMINFO has ${block.length} bytes, not 34`));
  }
  const info = parseStreamInfo(yield { offset: block.offset, length: STREAM_INFO_BYTES });
  if (info.sampleRate === 0) {
    return err(problem('INVALID_HEADER', 'STREAMINFO says a sample rate of 0 Hz'));
  }
  return ok(info);
}

function carriesTags(type: number): boolean {
  return (
    type === BlockType.vorbisComment || type === BlockType.picture || type === BlockType.cueSheet
  );
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  if (bytes.length < text.length) return false;
  for (let index = 0; index < text.length; index += 1) {
    if (bytes[index] !== text.charCodeAt(index)) return false;
  }
  return true;
}
