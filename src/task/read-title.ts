import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Container } from '../codecs/codec.js';
import { decodeComments, layOutComments } from '../sources/flac-blocks.js';
import { readFlacMetadata } from '../sources/flac-header.js';
import type { CommentField } from '../sources/flac-metadata.js';
import { readId3Text } from './id3-read.js';
import { findBox } from './mp4-box.js';
import { layOutMp4 } from './mp4-layout.js';
import { readAt } from './read-at.js';
import { opusHeaders, readHeaders, vorbisHeaders } from './tag-ogg.js';

/** The title that a file's tags state; `undefined` where there is none, or none that can be read. */
export async function readTitle(path: string, container: Container): Promise<string | undefined> {
  await using file = await open(path, 'r');
  switch (container) {
    case 'ogg-opus':
      return await oggTitle(file, opusHeaders);
    case 'ogg-vorbis':
      return await oggTitle(file, vorbisHeaders);
    case 'mp3':
      return await readId3Text(file, 'TIT2');
    case 'mp4':
      return await mp4Title(file);
    case 'flac':
      return await flacTitle(path);
    default:
      return undefined;
  }
}

/** The first TITLE of a FLAC file. */
export async function flacTitle(path: string): Promise<string | undefined> {
  const read = await readFlacMetadata(path);
  return read.ok ? titleAmong(read.value.comments) : undefined;
}

async function oggTitle(
  file: FileHandle,
  headers: typeof opusHeaders,
): Promise<string | undefined> {
  const found = await readHeaders(file, headers.count);
  const comment = found?.packets[1]?.subarray(headers.magic.length);
  if (comment === undefined) return undefined;
  return titleAmong(decodeComments(comment, layOutComments(comment)).comments);
}

async function mp4Title(file: FileHandle): Promise<string | undefined> {
  const layout = await layOutMp4(file);
  if (!layout.ok) return undefined;
  const { start, end } = layout.value.moov;
  const meta = findBox(await readAt(file, start, end - start), 'moov/udta/meta');
  // A version and flags come before its boxes, and before the text a type and a locale.
  const data = meta && findBox(meta.subarray(4), 'ilst/\xa9nam/data');
  return data?.toString('utf8', 8);
}

function titleAmong(fields: readonly CommentField[]): string | undefined {
  return fields.find(({ name }) => name.toUpperCase() === 'TITLE')?.value;
}
