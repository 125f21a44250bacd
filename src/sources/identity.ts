import type { Brand } from '../lib/brand.js';

/**
 * Which audio a source holds, readable and comparable: `flac:<md5>/<samples>/<rate>/<channels>/<bits>`
 * from STREAMINFO, or `sha256:<hex>` of the whole file where STREAMINFO carries no MD5 or no length.
 */
export type AudioId = Brand<string, 'AudioId'>;

/**
 * Which tags a source holds, one short digest a kind of block: `v:<hex>,p:<hex>,c:<hex>` for
 * VORBIS_COMMENT, PICTURE and CUESHEET; `-` where there is none. PADDING, SEEKTABLE and
 * APPLICATION do not count. What was recorded of an output that may take its cover from the source's
 * folder ends with a part `f:` that says which file that was.
 */
export type TagId = Brand<string, 'TagId'>;

/** Of a source that carries no tags, or whose tags nobody reads: a sidecar. */
export const NO_TAGS: TagId = 'v:-,p:-,c:-' as TagId;

/** Which audio and which tags a source holds: two that are equal give the same output. */
export interface SourceIdentity {
  readonly audioId: AudioId;
  readonly tagId: TagId;
}
