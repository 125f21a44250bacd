import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Container } from '../codecs/codec.js';
import { unreachable } from '../lib/unreachable.js';
import { ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { TagRecipe } from '../manifest/manifest.js';
import { coverFlag } from './mp4-tag.js';
import type { TagContent } from './tag-content.js';
import { picturesWithoutRoom, tagApe } from './tag-ape.js';
import { tagAsf } from './tag-asf.js';
import { aiffChunks, tagChunks, wavChunks } from './tag-chunks.js';
import { tagFlac } from './tag-flac.js';
import { tagMatroska } from './tag-matroska.js';
import { tagMp3 } from './tag-mp3.js';
import { tagMp4 } from './tag-mp4.js';
import { opusHeaders, speexHeaders, tagOgg, vorbisHeaders } from './tag-ogg.js';

/** What to write into which kind of file, and how. */
export interface TagRequest {
  readonly container: Container;
  readonly content: TagContent;
  readonly recipe: TagRecipe;
}

/**
 * Replaces all tags of an encoded file, in place; its audio stays as it is. What the file said before
 * does not matter: tagging it with A and then with B gives the same bytes as with B alone. The error
 * is a sentence part; system errors are thrown.
 */
export async function tagFile(path: string, request: TagRequest): Promise<Result<void, string>> {
  await using file = await open(path, 'r+');
  return await tagOpenFile(file, request);
}

function tagOpenFile(file: FileHandle, request: TagRequest): Promise<Result<void, string>> {
  const { container, content, recipe } = request;
  switch (container) {
    case 'ogg-opus':
      return tagOgg(file, opusHeaders, content);
    case 'ogg-vorbis':
      return tagOgg(file, vorbisHeaders, content);
    case 'ogg-speex':
      return tagOgg(file, speexHeaders, content);
    case 'mp3':
    case 'mpeg':
      return tagMp3(file, content, recipe.id3);
    case 'mp4':
      return tagMp4(file, content);
    case 'flac':
      return tagFlac(file, content);
    case 'aiff':
      return tagChunks(file, aiffChunks, { content, version: recipe.id3 });
    case 'wav':
      return tagChunks(file, wavChunks, { content, version: recipe.id3 });
    case 'ape':
      return tagApe(file, content);
    case 'asf':
      return tagAsf(file, content);
    case 'matroska':
      return tagMatroska(file, content);
    case 'bare':
      return Promise.resolve(ok(undefined));
    default:
      return unreachable(container);
  }
}

/** What of the content the container cannot hold, for people. */
export function tagWarnings(request: TagRequest): readonly string[] {
  const { container, content } = request;
  switch (container) {
    case 'mp4':
      return content.pictures
        .filter((picture) => coverFlag(picture) === undefined)
        .map(
          ({ mime }) =>
            `a picture of type ${mime} is left out: MP4 tags take JPEG and PNG (pictures.format makes it JPEG)`,
        );
    case 'ape':
      return picturesWithoutRoom(content).map(
        () => 'a picture is left out: APE tags take one of each type',
      );
    case 'bare':
      return content.fields.length + content.pictures.length === 0
        ? []
        : ['its tags are left out: such files have no place for them'];
    default:
      return [];
  }
}
