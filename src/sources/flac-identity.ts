import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import type { Sha256 } from '../lib/brand.js';
import { sha256Of } from '../lib/checksum.js';
import type { CommentLayout } from './flac-blocks.js';
import type { StreamInfo } from './flac-metadata.js';
import type { AudioId, TagId } from './identity.js';

/** What the header alone says of a source. */
export interface FlacIdentity {
  /** `undefined` where STREAMINFO carries no MD5 or no length: the SHA-256 of the file stands in. */
  readonly audioId: AudioId | undefined;
  readonly tagId: TagId;
}

/** One digest a kind of block, `-` where there is none. */
export interface TagDigests {
  readonly comments: string;
  readonly pictures: string;
  readonly cueSheets: string;
}

/** 64 bits: they tell two versions of one file apart, they guard against nobody. */
const DIGEST_DIGITS = 16;
const NO_BLOCK = '-';
const NO_MD5 = '0'.repeat(32);

/** Puts the identity of a source together; joined, so that no rope of strings is kept (see `statKey`). */
export function identityOf(streamInfo: StreamInfo, digests: TagDigests): FlacIdentity {
  const { comments, pictures, cueSheets } = digests;
  const tagId = ['v:', comments, ',p:', pictures, ',c:', cueSheets].join('') as TagId;
  return { audioId: audioIdOf(streamInfo), tagId };
}

function audioIdOf(info: StreamInfo): AudioId | undefined {
  if (info.md5 === NO_MD5 || info.samples === 0) return undefined;
  const { md5, samples, sampleRate, channels, bits } = info;
  return ['flac:', md5, '/', samples, '/', sampleRate, '/', channels, '/', bits].join(
    '',
  ) as AudioId;
}

/** The identity of audio that only the bytes of its file can name. */
export function audioIdOfFile(sha256: Sha256): AudioId {
  return `sha256:${sha256}` as AudioId;
}

/**
 * Digest of the fields in their order, each with its length. The vendor string does not count: it
 * names the last program that wrote the block, and no output carries it. A block without fields is
 * the same as no block.
 */
export function digestComments(layout: CommentLayout | undefined): string {
  if (layout === undefined || layout.bounds.length === 0) return NO_BLOCK;
  return sha256Of(layout.fields).slice(0, DIGEST_DIGITS);
}

/** Digests blocks of one kind as they come, in chunks of any size. */
export class BlockDigest {
  #hash: Hash | undefined;

  /** Starts the next block; its length keeps neighbouring blocks apart. */
  begin(lengthBytes: number): void {
    this.#hash ??= createHash('sha256');
    this.#hash.update(`${lengthBytes}:`);
  }

  /** Adds bytes of the block that was begun. */
  update(chunk: Uint8Array): void {
    this.#hash?.update(chunk);
  }

  /** The digest of all blocks, `-` when there was none. To be called once. */
  digest(): string {
    return this.#hash?.digest('hex').slice(0, DIGEST_DIGITS) ?? NO_BLOCK;
  }
}
