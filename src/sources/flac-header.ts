import type { Result } from '../lib/result.js';
import { ok } from '../lib/result.js';
import { readAsynchronously, readSynchronously, SHARED_BUFFER_BYTES } from './byte-reading.js';
import type { ByteRange, Reading } from './byte-reading.js';
import { BlockType, decodeComments, layOutComments, parsePicture } from './flac-blocks.js';
import type { CommentLayout } from './flac-blocks.js';
import { BlockDigest, digestComments, identityOf } from './flac-identity.js';
import type { FlacIdentity } from './flac-identity.js';
import { layOutFlac } from './flac-layout.js';
import type { CommentField, FlacMetadata, Picture, StreamInfo } from './flac-metadata.js';
import { throughOgg } from './ogg-flac.js';
import type { SourceProblem } from './source.js';

/** What planning needs of a file. */
export interface FlacHeader {
  readonly streamInfo: StreamInfo;
  readonly identity: FlacIdentity;
  /** Upper-case field name to first value; `undefined` unless asked for. */
  readonly fields: ReadonlyMap<string, string> | undefined;
}

/** All that tagging needs of a file, and what could not be taken as it is. */
export interface ReadFlac extends FlacMetadata {
  readonly identity: FlacIdentity;
  /** Sentences about damaged or odd tags; the rest of the tags is good. */
  readonly warnings: readonly string[];
}

/**
 * Reads streaminfo and identity, synchronously; blocks are digested in chunks of 64 KiB, so memory
 * stays bounded by the VORBIS_COMMENT block, which is never larger than the file or 16 MiB.
 */
export function readFlacHeader(
  path: string,
  options: { readonly wantFields: boolean } = { wantFields: false },
): Result<FlacHeader, SourceProblem> {
  return readSynchronously(path, (size) =>
    throughOgg(size, headerReading(size, options.wantFields)),
  );
}

/** Reads all tags, pictures included, asynchronously. */
export function readFlacMetadata(path: string): Promise<Result<ReadFlac, SourceProblem>> {
  return readAsynchronously(path, (size) => throughOgg(size, metadataReading(size)));
}

/**
 * The parser behind `readFlacHeader`. Of repeated VORBIS_COMMENT blocks (forbidden, but met) the
 * first counts: it is the one that tag editors show and change, so what comes later is stale.
 */
export function* headerReading(
  sizeBytes: number,
  wantFields: boolean,
): Reading<Result<FlacHeader, SourceProblem>> {
  const layout = yield* layOutFlac(sizeBytes);
  if (!layout.ok) return layout;
  const { streamInfo, tagBlocks } = layout.value;
  const pictures = new BlockDigest();
  const cueSheets = new BlockDigest();
  let comments: string | undefined;
  let fields: ReadonlyMap<string, string> | undefined = wantFields ? new Map() : undefined;
  for (const block of tagBlocks) {
    if (block.type === BlockType.picture) yield* digestBlock(block, pictures);
    else if (block.type === BlockType.cueSheet) yield* digestBlock(block, cueSheets);
    else if (comments === undefined) {
      const bytes = yield block;
      const found = layOutComments(bytes);
      comments = digestComments(found);
      if (wantFields) fields = firstValues(decodeComments(bytes, found).comments);
    }
  }
  const digests = {
    comments: comments ?? digestComments(undefined),
    pictures: pictures.digest(),
    cueSheets: cueSheets.digest(),
  };
  return ok({ streamInfo, identity: identityOf(streamInfo, digests), fields });
}

function* digestBlock(block: ByteRange, digest: BlockDigest): Reading<void> {
  digest.begin(block.length);
  const end = block.offset + block.length;
  for (let offset = block.offset; offset < end; offset += SHARED_BUFFER_BYTES) {
    digest.update(yield { offset, length: Math.min(SHARED_BUFFER_BYTES, end - offset) });
  }
}

function firstValues(comments: readonly CommentField[]): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const { name, value } of comments) {
    const key = name.toUpperCase();
    if (!fields.has(key)) fields.set(key, value);
  }
  return fields;
}

/** The parser behind `readFlacMetadata`. Keeps what it is given: only for drivers that allow it. */
export function* metadataReading(sizeBytes: number): Reading<Result<ReadFlac, SourceProblem>> {
  const layout = yield* layOutFlac(sizeBytes);
  if (!layout.ok) return layout;
  const { streamInfo, tagBlocks, id3v2Bytes } = layout.value;
  const tags = new TagCollector();
  for (const block of tagBlocks) tags.add(block.type, yield block);
  return ok({
    streamInfo,
    id3v2Bytes,
    comments: tags.comments,
    pictures: tags.pictures,
    cueSheet: tags.cueSheet,
    warnings: [...(id3v2Bytes === 0 ? [] : [ID3V2_LEFT_OUT]), ...tags.warnings],
    identity: identityOf(streamInfo, tags.digests()),
  });
}

const ID3V2_LEFT_OUT =
  'an ID3v2 tag in front of the audio is left out; the tags of FLAC itself count';

/** Gathers the tag blocks of one file and their digests. */
class TagCollector {
  comments: readonly CommentField[] = [];
  cueSheet: Uint8Array | undefined;
  readonly pictures: Picture[] = [];
  readonly warnings: string[] = [];
  readonly #pictureDigest = new BlockDigest();
  readonly #cueSheetDigest = new BlockDigest();
  #layout: CommentLayout | undefined;

  add(type: number, bytes: Uint8Array): void {
    if (type === BlockType.picture) this.#addPicture(bytes);
    else if (type === BlockType.cueSheet) this.#addCueSheet(bytes);
    else this.#addComments(bytes);
  }

  digests(): { comments: string; pictures: string; cueSheets: string } {
    return {
      comments: digestComments(this.#layout),
      pictures: this.#pictureDigest.digest(),
      cueSheets: this.#cueSheetDigest.digest(),
    };
  }

  #addComments(bytes: Uint8Array): void {
    if (this.#layout !== undefined) {
      this.warnings.push('a further VORBIS_COMMENT block is left out; the first one counts');
      return;
    }
    this.#layout = layOutComments(bytes);
    const decoded = decodeComments(bytes, this.#layout);
    this.comments = decoded.comments;
    this.warnings.push(...this.#layout.warnings, ...decoded.warnings);
  }

  #addPicture(bytes: Uint8Array): void {
    this.#pictureDigest.begin(bytes.length);
    this.#pictureDigest.update(bytes);
    const picture = parsePicture(bytes);
    if (picture === undefined) {
      this.warnings.push('a PICTURE block whose lengths do not fit it is left out');
    } else this.pictures.push(picture);
  }

  #addCueSheet(bytes: Uint8Array): void {
    this.#cueSheetDigest.begin(bytes.length);
    this.#cueSheetDigest.update(bytes);
    if (this.cueSheet === undefined) this.cueSheet = bytes;
    else this.warnings.push('a further CUESHEET block is left out; the first one counts');
  }
}
