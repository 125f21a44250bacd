import { basename } from 'node:path';
import { sha256Of } from '../lib/checksum.js';
import { statParts } from '../lib/stat-key.js';
import type { StatKey } from '../lib/stat-key.js';
import type { TagId } from './identity.js';

/** Which picture beside a source is its cover: a digest, `-` for none, `own` when none was needed. */
export type FolderPictureId = string;

/** There is no such file. */
export const NO_FOLDER_PICTURE: FolderPictureId = '-';
/** The source has a front cover of its own, so that no file beside it matters. */
export const OWN_PICTURE: FolderPictureId = 'own';

const PART = ',f:';
const DIGEST_DIGITS = 16;

/** By name, size and time of modification: what a scan knows, so that nobody has to read the file. */
export function folderPictureId(file: {
  readonly path: string;
  readonly stat: StatKey;
}): FolderPictureId {
  const { sizeBytes, mtimeNs } = statParts(file.stat);
  return sha256Of(`${basename(file.path)}\0${sizeBytes}\0${mtimeNs}`).slice(0, DIGEST_DIGITS);
}

/** What is recorded of an output whose cover may come from the folder. */
export function withFolderPicture(tagId: TagId, picture: FolderPictureId): TagId {
  return [tagId, PART, picture].join('') as TagId;
}

/** The tags of the source alone, as its own blocks tell them. */
export function sourceTagId(tagId: TagId): TagId {
  const at = tagId.indexOf(PART);
  return at < 0 ? tagId : (tagId.slice(0, at) as TagId);
}

/** What was recorded of the picture beside the source; `undefined` where nobody asked for one. */
export function folderPictureOf(tagId: TagId): FolderPictureId | undefined {
  const at = tagId.indexOf(PART);
  return at < 0 ? undefined : tagId.slice(at + PART.length);
}
