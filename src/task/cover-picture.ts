import type { Picture } from '../sources/flac-metadata.js';
import { pictureKind, pictureSize } from './picture-kind.js';

/** The type of a front cover among pictures. */
export const FRONT_COVER = 3;

/** The front cover that the content of a picture file makes; `undefined`: it is no picture. */
export function coverPicture(data: Buffer): Picture | undefined {
  const kind = pictureKind(data);
  if (kind === undefined) return undefined;
  const { width, height } = pictureSize(data, kind) ?? { width: 0, height: 0 };
  const shape = { width, height, depth: 24, colors: 0 };
  return { type: FRONT_COVER, mime: `image/${kind}`, description: '', ...shape, data };
}
