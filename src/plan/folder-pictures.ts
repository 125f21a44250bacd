import { posix } from 'node:path';
import {
  folderPictureId,
  folderPictureOf,
  NO_FOLDER_PICTURE,
  OWN_PICTURE,
  withFolderPicture,
} from '../sources/folder-picture.js';
import type { TagId } from '../sources/identity.js';
import type { ScannedFile } from '../sources/source.js';
import type { OutputSet } from '../manifest/manifest.js';
import type { Desired } from './action.js';

/** Names of files that may be the cover of outputs of a set, the best first. */
export function pictureNames({ profile }: Pick<OutputSet, 'profile'>): readonly string[] {
  return profile.recipe.tags.pictures?.fromFolder ?? [];
}

/** Patterns of a scan that find them. */
export function picturePatterns(set: Pick<OutputSet, 'profile'>): readonly string[] {
  return pictureNames(set).map((name) => `**/${name.replaceAll(/[\\$^*+?()[\]{}|!@]/g, '\\$&')}`);
}

/** Finds the cover in the folder of a source: the first name that is there, in any case. */
export function folderPictures(
  set: Pick<OutputSet, 'profile'>,
  files: readonly ScannedFile[],
): (rel: string) => ScannedFile | undefined {
  const names = pictureNames(set).map((name) => name.toLowerCase());
  if (names.length === 0) return () => undefined;
  const found = new Map<string, ScannedFile>();
  for (const file of files) {
    const name = posix.basename(file.rel).toLowerCase();
    const key = `${posix.dirname(file.rel)}/${name}`;
    // Files come sorted: of two that differ in case only it is always the same one.
    if (names.includes(name) && !found.has(key)) found.set(key, file);
  }
  return (rel) => {
    const folder = posix.dirname(rel);
    for (const name of names) {
      const file = found.get(`${folder}/${name}`);
      if (file !== undefined) return file;
    }
    return undefined;
  };
}

/**
 * What would be recorded of the tags of an output made now. A source that had a front cover of its
 * own has it still while its own tags are the same; then nothing beside it matters.
 */
export function wantedTagId(desired: Desired, source: TagId, recorded: TagId): TagId {
  if (pictureNames(desired.set).length === 0) return withoutPart(source, recorded);
  if (recorded === withFolderPicture(source, OWN_PICTURE)) return recorded;
  const { folderPicture } = desired;
  const id = folderPicture === undefined ? NO_FOLDER_PICTURE : folderPictureId(folderPicture);
  return withFolderPicture(source, id);
}

/** The profile takes no pictures from folders any more: its recipe says that, not the tags. */
function withoutPart(source: TagId, recorded: TagId): TagId {
  const part = folderPictureOf(recorded);
  return part === undefined ? source : withFolderPicture(source, part);
}
