import { parsePicture } from '../sources/flac-blocks.js';
import type { CommentField, Picture } from '../sources/flac-metadata.js';
import { coverPicture } from './cover-picture.js';

/**
 * Where programs put pictures into fields, in Base64: a PICTURE block, and the older way, a bare file,
 * whose type in `COVERARTMIME` is often wrong: the picture itself is asked.
 */
const BLOCK = 'METADATA_BLOCK_PICTURE';
const BARE = 'COVERART';

/** Pictures that stand in fields, and the names of fields that should hold one and do not. */
export interface FieldPictures {
  readonly pictures: readonly Picture[];
  readonly broken: readonly string[];
}

/** Reads the pictures that programs put into fields, as is usual in Ogg. */
export function readFieldPictures(fields: readonly CommentField[]): FieldPictures {
  const pictures: Picture[] = [];
  const broken: string[] = [];
  for (const { name, value } of fields) {
    const kind = name.toUpperCase();
    if (kind !== BLOCK && kind !== BARE) continue;
    const data = Buffer.from(value, 'base64');
    const picture = kind === BLOCK ? parsePicture(data) : coverPicture(data);
    if (picture === undefined) broken.push(name);
    else pictures.push(picture);
  }
  return { pictures, broken };
}
