import { lstat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../lib/failure.js';

/**
 * Whether a folder takes names that differ in letter case alone for two, as an existing file in it
 * shows; `undefined` where its name has no letters.
 */
export async function isCaseSensitive(file: string): Promise<boolean | undefined> {
  const name = basename(file);
  const other = name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
  if (other === name) return undefined;
  try {
    const [one, two] = await Promise.all([
      lstat(file, { bigint: true }),
      lstat(join(dirname(file), other), { bigint: true }),
    ]);
    return one.ino !== two.ino || one.dev !== two.dev;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return true;
  }
}
