import { open } from 'node:fs/promises';
import { errorCode, errorMessage } from '../lib/failure.js';
import { READ_FLAGS } from '../lib/read-flags.js';
import type { Result } from '../lib/result.js';
import { err } from '../lib/result.js';
import { decodeText } from './decode.js';
import { failureAt } from './failure.js';
import type { ManifestFailure, ManifestFailureCode } from './failure.js';

const MAX_MIB = 4;
const MAX_BYTES = MAX_MIB * 1024 * 1024;
const INIT_HINT = '"flac2all init" writes a manifest to start from';

/** Reads a manifest file. Never waits on a pipe and never reads more than 4 MiB. */
export async function readText(file: string): Promise<Result<string, ManifestFailure>> {
  try {
    const handle = await open(file, READ_FLAGS);
    try {
      const stats = await handle.stat();
      if (stats.isDirectory()) return err(directory(file));
      if (!stats.isFile()) {
        return refuse('MANIFEST_NOT_A_FILE', `${file} is not a regular file`);
      }
      if (stats.size > MAX_BYTES) return refuse('MANIFEST_TOO_LARGE', tooLarge(file, stats.size));
      const bytes = await handle.readFile();
      if (bytes.length === 0) return refuse('MANIFEST_EMPTY', `${file} is empty`, INIT_HINT);
      return decodeText(bytes, file);
    } finally {
      await handle.close();
    }
  } catch (error) {
    return err(unreadable(file, error));
  }
}

function tooLarge(file: string, bytes: number): string {
  const mib = (bytes / 1024 / 1024).toFixed(1);
  return `${file} is ${mib} MiB large; a manifest has at most ${MAX_MIB} MiB`;
}

function directory(file: string): ManifestFailure {
  const message = `${file} is a folder`;
  const hint = 'name the manifest file in it';
  return failureAt(undefined, { code: 'MANIFEST_NOT_A_FILE', message, hint });
}

function unreadable(file: string, error: unknown): ManifestFailure {
  const missing = errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR';
  if (missing) {
    const message = `there is no file ${file}`;
    return failureAt(undefined, { code: 'MANIFEST_MISSING', message, hint: INIT_HINT });
  }
  const message = `${file} cannot be read: ${errorMessage(error)}`;
  return { ...failureAt(undefined, { code: 'MANIFEST_UNREADABLE', message }), cause: error };
}

function refuse(
  code: ManifestFailureCode,
  message: string,
  hint?: string,
): Result<string, ManifestFailure> {
  return err(failureAt(undefined, { code, message, hint }));
}
