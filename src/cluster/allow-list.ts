import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, errorMessage } from '../lib/failure.js';
import type { Failure } from '../lib/failure.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { ClusterFailureCode } from './failure.js';
import { Z85_KEY } from './z85.js';

/** A worker with a key of its own that the masters of this user let in. */
export interface AllowedWorker {
  readonly name: string;
  readonly publicKey: string;
}

type Failed = Failure<ClusterFailureCode>;

const FORM = /^([A-Za-z0-9][A-Za-z0-9._-]*) (\S+)$/;

/** The file that names them, a line each: name and public key. */
export function allowListFile(folder: string): string {
  return join(folder, 'workers.allowed');
}

/** Reads the list; without a file it is empty. */
export function readAllowList(folder: string): Result<readonly AllowedWorker[], Failed> {
  const file = allowListFile(folder);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return ok([]);
    if (errorCode(error) === undefined) throw error;
    return err(unreadable(file, errorMessage(error)));
  }
  const workers: AllowedWorker[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const [, name, publicKey] = FORM.exec(line) ?? [];
    if (name === undefined || publicKey === undefined || !Z85_KEY.test(publicKey)) {
      return err(unreadable(file, `line ${index + 1} is not "NAME KEY"`));
    }
    workers.push({ name, publicKey });
  }
  return ok(workers);
}

/** Replaces the list as a whole. */
export function writeAllowList(
  folder: string,
  workers: readonly AllowedWorker[],
): Result<void, Failed> {
  const file = allowListFile(folder);
  const text = workers.map(({ name, publicKey }) => `${name} ${publicKey}\n`).join('');
  try {
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    renameSync(`${file}.new`, file);
    return ok(undefined);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    const message = `cannot write ${file}: ${errorMessage(error)}`;
    return err({ code: 'KEY_UNWRITABLE', message, cause: error });
  }
}

function unreadable(file: string, why: string): Failed {
  return { code: 'KEY_UNREADABLE', message: `cannot read ${file}: ${why}` };
}
