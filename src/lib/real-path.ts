import { realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { AbsolutePath } from './brand.js';
import { errorCode } from './failure.js';

/**
 * Where an absolute path leads when all symbolic links are followed. What is not there, a link that
 * leads nowhere, and what the system does not let us look at stay as they are written. Never fails.
 */
export function realPath(path: AbsolutePath): AbsolutePath {
  for (let at: string = path; ; at = dirname(at)) {
    try {
      return join(realpathSync.native(at), relative(at, path)) as AbsolutePath;
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      if (at === dirname(at)) return path;
    }
  }
}
