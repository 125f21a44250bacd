import { readFile, stat } from 'node:fs/promises';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { statKey, statSize } from '../lib/stat-key.js';
import {
  folderPictureId,
  NO_FOLDER_PICTURE,
  OWN_PICTURE,
  withFolderPicture,
} from '../sources/folder-picture.js';
import type { FlacMetadata, Picture } from '../sources/flac-metadata.js';
import type { TagId } from '../sources/identity.js';
import type { Attempt } from './attempt.js';
import { coverPicture, FRONT_COVER } from './cover-picture.js';
import { problem, readProblem } from './problem.js';
import type { Problem } from './problem.js';
import { picturesOf } from './tag-content.js';
import type { Task } from './task.js';

/** No file of more bytes is taken for a picture. */
const MAX_FILE_BYTES = 2 ** 27;

/** The file beside the source that its output needs for a front cover. */
export function neededCover({ task, inspection }: Attempt): Task['folderPicture'] {
  return hasCover(inspection.flac) ? undefined : task.folderPicture;
}

function hasCover(source: FlacMetadata): boolean {
  return picturesOf(source).some(({ type }) => type === FRONT_COVER);
}

/** The identity of the tags that the output of an attempt has: the source's and the cover's. */
export function outputTagId({ task, inspection }: Attempt): TagId {
  const { tagId } = inspection.flac.identity;
  const { folderPicture, recipe } = task;
  if (recipe.tags.pictures?.fromFolder === undefined) return tagId;
  if (hasCover(inspection.flac)) return withFolderPicture(tagId, OWN_PICTURE);
  const id = folderPicture === undefined ? NO_FOLDER_PICTURE : folderPictureId(folderPicture);
  return withFolderPicture(tagId, id);
}

/** What a cover file came to. */
export interface Cover {
  readonly picture?: Picture;
  readonly warning?: string;
}

/** Reads a cover file; a warning where it is no picture. It must be what the plan saw. */
export async function readCover({
  path,
  stat: planned,
}: NonNullable<Task['folderPicture']>): Promise<Result<Cover, Problem>> {
  try {
    if (statKey(await stat(path, { bigint: true })) !== planned) return err(changed(path));
    const large = statSize(planned) > MAX_FILE_BYTES;
    const picture = large ? undefined : coverPicture(await readFile(path));
    if (statKey(await stat(path, { bigint: true })) !== planned) return err(changed(path));
    if (picture !== undefined) return ok({ picture });
    const text = large ? `has over ${MAX_FILE_BYTES / 2 ** 20} MiB` : 'is no picture';
    return ok({ warning: `${path} ${text} and is left out` });
  } catch (error) {
    return err(readProblem(error, path));
  }
}

function changed(path: string): Problem {
  const text = `${path}: changed since it was planned`;
  return problem({ class: 'changed', code: 'SOURCE_CHANGED', text });
}
