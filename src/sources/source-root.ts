import { statSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../lib/failure.js';
import type { SourceSet } from '../manifest/manifest.js';
import { systemErrorText } from './problem.js';
import type { SourceFailure } from './failure.js';

const MOUNT_HINT = 'Is the disk mounted? Nothing was changed.';

/** Looks whether the root of a source set and its sentinel are there; `undefined` when all is well. */
export function checkSourceRoot(set: SourceSet): SourceFailure | undefined {
  try {
    if (!statSync(set.root).isDirectory()) {
      return {
        code: 'SOURCE_ROOT_NOT_DIRECTORY',
        message: `the source root of "${set.name}" is not a directory: ${set.root}`,
        hint: 'Name the folder that holds the FLAC files.',
      };
    }
  } catch (error) {
    return isAbsence(error) ? rootMissing(set) : rootUnreadable(set, error);
  }
  return set.sentinel === undefined ? undefined : checkSentinel(set, set.sentinel);
}

function checkSentinel(set: SourceSet, sentinel: string): SourceFailure | undefined {
  const path = join(set.root, sentinel);
  try {
    statSync(path);
    return undefined;
  } catch (error) {
    return {
      code: 'SOURCE_SENTINEL_MISSING',
      message: `the sentinel of "${set.name}" is not there: ${path} (${systemErrorText(error)})`,
      hint: MOUNT_HINT,
      cause: error,
    };
  }
}

function rootMissing(set: SourceSet): SourceFailure {
  const message = `the source root of "${set.name}" does not exist: ${set.root}`;
  return { code: 'SOURCE_ROOT_MISSING', message, hint: MOUNT_HINT };
}

/** The root is there, but the system does not let us look into it. */
export function rootUnreadable(set: SourceSet, error: unknown): SourceFailure {
  return {
    code: 'SOURCE_ROOT_UNREADABLE',
    message: `cannot read the source root of "${set.name}": ${set.root} (${systemErrorText(error)})`,
    hint: MOUNT_HINT,
    cause: error,
  };
}

function isAbsence(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}
