import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCode, errorMessage } from '../lib/failure.js';
import type { Failure } from '../lib/failure.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { ClusterFailureCode } from './failure.js';
import { Z85_KEY } from './z85.js';

/** A CURVE key pair, in Z85. */
export interface KeyPair {
  readonly publicKey: string;
  readonly secretKey: string;
}

/** A key pair, and the public key of the master that it opens. The cluster's own key opens itself. */
export interface ClusterKey extends KeyPair {
  readonly serverKey: string;
}

type Failed = Failure<ClusterFailureCode>;

/** Where the keys of a user are: `flac2all` in the folder of configurations (XDG Base Directory). */
export function keyFolder(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const { XDG_CONFIG_HOME: configured } = env;
  return join(
    configured?.startsWith('/') === true ? configured : join(home, '.config'),
    'flac2all',
  );
}

/** The file with the key that this user's masters and workers use. */
export function clusterKeyFile(folder: string): string {
  return join(folder, 'cluster.key');
}

/** Reads a key; `undefined`: there is no such file. Refuses one that others may read. */
export function readKey(file: string): Result<ClusterKey | undefined, Failed> {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats === undefined) return ok(undefined);
    // A file of another owner was handed over by the system (a Secret): its group is this user's.
    const others = stats.uid === process.getuid?.() ? 0o077 : 0o007;
    if (stats.isFile() && (stats.mode & others) !== 0) return err(unsafe(file));
    return parseKey(readFileSync(file, 'utf8'), file);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return err(unreadable(file, errorMessage(error)));
  }
}

/** Reads the text of a key; `file` is what messages call it. */
export function parseKey(text: string, file: string): Result<ClusterKey, Failed> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return err(unreadable(file, 'it is no JSON'));
  }
  const { server, public: publicKey, secret } = Object(json) as Record<string, unknown>;
  if (!isKey(server) || !isKey(publicKey) || !isKey(secret)) {
    return err(unreadable(file, 'it holds no key of flac2all'));
  }
  return ok({ serverKey: server, publicKey, secretKey: secret });
}

function isKey(value: unknown): value is string {
  return typeof value === 'string' && Z85_KEY.test(value);
}

/** A key as text, secret and all; in one line without an indent. */
export function keyText({ serverKey, publicKey, secretKey }: ClusterKey, indent?: number): string {
  return JSON.stringify(
    { server: serverKey, public: publicKey, secret: secretKey },
    undefined,
    indent,
  );
}

/** Writes a key into a new file that only this user may read, making its folder. */
export function writeKey(file: string, key: ClusterKey): Result<void, Failed> {
  const text = `${keyText(key, 2)}\n`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
    return ok(undefined);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return err({
      code: 'KEY_UNWRITABLE',
      message: `cannot write the key ${file}: ${errorMessage(error)}`,
      cause: error,
    });
  }
}

/** The key of a worker: `file`, or the one of this user. */
export function workerKey(folder: string, file: string | undefined): Result<ClusterKey, Failed> {
  const path = file ?? clusterKeyFile(folder);
  const read = readKey(path);
  if (!read.ok) return read;
  if (read.value !== undefined) return ok(read.value);
  return err({
    code: 'KEY_MISSING',
    message: `there is no key ${path}, and masters of other machines ask for one`,
    hint: `on the master's machine \`flac2all keys add NAME\` makes one: copy it to ${path}`,
  });
}

/** Whether a master may use it; a worker's own key opens another's door only. */
export function isMasterKey({ serverKey, publicKey }: ClusterKey): boolean {
  return serverKey === publicKey;
}

function unsafe(file: string): Failed {
  return {
    code: 'KEY_UNSAFE',
    message: `the key ${file} can be read by others`,
    hint: `chmod 600 ${file}; if somebody may have read it, remove it and make a new one with \`flac2all keys\``,
  };
}

function unreadable(file: string, why: string): Failed {
  return {
    code: 'KEY_UNREADABLE',
    message: `cannot read the key ${file}: ${why}`,
    hint: 'copy it again from the master, or make one there with `flac2all keys add NAME`',
  };
}
