import { createHash } from 'node:crypto';
import type { PictureRecipe } from '../manifest/manifest.js';
import type { Picture } from '../sources/flac-metadata.js';
import { pictureKind, pictureSize } from './picture-kind.js';
import type { PictureKind, PictureSize } from './picture-kind.js';

/** Gives what a program makes of a picture; `undefined`: it could not read it. */
export type Convert = (data: Uint8Array, args: readonly string[]) => Promise<Buffer | undefined>;

/** A picture as the recipe wants it, or as it was with the reason why. */
export interface Fitted {
  readonly picture: Picture;
  readonly warning?: string;
}

/** ID3 and FLAC know it as a PNG of 32 x 32 pixels and nothing else. */
const FILE_ICON = 1;
/** Of the MIME type where the data are an address. */
const LINK = '-->';

/** How ffmpeg is told what it gets: it never guesses, for some guesses make it open other files. */
const DEMUXERS: Readonly<Record<PictureKind, string>> = {
  jpeg: 'jpeg_pipe',
  png: 'png_pipe',
  gif: 'gif_pipe',
  webp: 'webp_pipe',
  bmp: 'bmp_pipe',
  avif: 'mov',
};

/** Brings a picture down to size and format; what is within both stays byte for byte what it is. */
export async function fitPicture(
  picture: Picture,
  { maxSize = Infinity, format }: PictureRecipe,
  convert: Convert,
): Promise<Fitted> {
  if (picture.type === FILE_ICON || picture.mime === LINK) return { picture };
  const kind = pictureKind(picture.data);
  if (kind === undefined) return { picture, warning: notRead(picture) };
  const size = pictureSize(picture.data, kind);
  const target = format ?? (kind === 'png' || kind === 'gif' ? 'png' : 'jpeg');
  const keepsFormat = format === undefined || format === kind;
  if (keepsFormat && size !== undefined && longer(size) <= maxSize) return { picture };
  if (keepsFormat && maxSize === Infinity) return { picture };
  const made = await convert(picture.data, conversionArgs(kind, target, maxSize));
  const madeSize = made && pictureSize(made, target);
  if (made === undefined || madeSize === undefined) return { picture, warning: notRead(picture) };
  // Its size was not known: a result below the limit was below it before.
  if (keepsFormat && longer(madeSize) < maxSize) return { picture };
  const shape = { ...madeSize, depth: 24, colors: 0 };
  return { picture: { ...picture, ...shape, mime: `image/${target}`, data: made } };
}

function longer({ width, height }: PictureSize): number {
  return Math.max(width, height);
}

function notRead({ mime, data }: Picture): string {
  return `a picture (${mime || 'of no type'}, ${data.length} bytes) cannot be read and is kept as it is`;
}

const FILTER_FLAGS = 'lanczos+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact';
/** Of 300 MB when decoded: more is no cover. */
const MAX_PIXELS = '100000000';

/** The first frame, from standard input to standard output; the same bytes at every run. */
function conversionArgs(
  kind: PictureKind,
  target: 'jpeg' | 'png',
  maxSize: number,
): readonly string[] {
  const limit = Number.isFinite(maxSize) ? String(maxSize) : '65535';
  const scale = `scale=w='min(iw,${limit})':h='min(ih,${limit})'`;
  const encoder =
    target === 'jpeg' ? ['-c:v', 'mjpeg', '-q:v', '2', '-pix_fmt', 'yuvj420p'] : ['-c:v', 'png'];
  return [
    ...'-nostdin -v error -threads 1 -max_pixels'.split(' '),
    MAX_PIXELS,
    '-f',
    DEMUXERS[kind],
    ...'-i pipe:0 -map 0:v:0 -frames:v 1 -vf'.split(' '),
    `${scale}:force_original_aspect_ratio=decrease:flags=${FILTER_FLAGS},setsar=1`,
    ...encoder,
    ...'-threads 1 -map_metadata -1 -fflags +bitexact -flags:v +bitexact'.split(' '),
    ...'-f image2pipe pipe:1'.split(' '),
  ];
}

/** Tracks of an album follow each other and mostly have the same cover. */
const REMEMBERED = 8;

/** The same, but what was made of a picture lately is not made again. */
export function remembering(convert: Convert): Convert {
  return async (data, args) => {
    const key = createHash('sha256')
      .update(args.join('\0'))
      .update('\0')
      .update(data)
      .digest('hex');
    const before = recent.get(key);
    const made = before ?? (await convert(data, args));
    recent.delete(key);
    if (made !== undefined) recent.set(key, made);
    for (const oldest of recent.keys()) {
      if (recent.size <= REMEMBERED) break;
      recent.delete(oldest);
    }
    return made;
  };
}

const recent = new Map<string, Buffer>();
