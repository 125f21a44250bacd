import { curveKeyPair } from 'zeromq';
import type { Failure } from '../lib/failure.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { readAllowList, writeAllowList } from './allow-list.js';
import type { ClusterFailureCode } from './failure.js';
import { clusterKeyFile, isMasterKey, readKey, writeKey } from './key-file.js';
import type { ClusterKey } from './key-file.js';

type Failed = Failure<ClusterFailureCode>;

/** The master's key of this user; made at its first use, which `isNew` says. */
export function ensureMasterKey(
  folder: string,
): Result<{ readonly key: ClusterKey; readonly isNew: boolean }, Failed> {
  const file = clusterKeyFile(folder);
  const read = readKey(file);
  if (!read.ok) return read;
  if (read.value !== undefined) {
    return isMasterKey(read.value) ? ok({ key: read.value, isNew: false }) : err(notMaster(file));
  }
  const { publicKey, secretKey } = curveKeyPair();
  const key = { serverKey: publicKey, publicKey, secretKey };
  const written = writeKey(file, key);
  return written.ok ? ok({ key, isNew: true }) : written;
}

/** Makes a key for one worker and lets it in from now on; writes it to `file`, which must be new. */
export function addWorkerKey(
  folder: string,
  { name, file }: { readonly name: string; readonly file: string },
): Result<void, Failed> {
  const master = ensureMasterKey(folder);
  if (!master.ok) return master;
  const listed = readAllowList(folder);
  if (!listed.ok) return listed;
  if (listed.value.some((worker) => worker.name === name)) {
    const message = `there is a key for "${name}" already`;
    const hint = `\`flac2all keys revoke ${name}\` takes it back`;
    return err({ code: 'KEY_NAME_TAKEN', message, hint });
  }
  const key = makeWorkerKey(master.value.key);
  const written = writeKey(file, key);
  if (!written.ok) return written;
  return writeAllowList(folder, [...listed.value, { name, publicKey: key.publicKey }]);
}

/** A fresh key for workers of this master; whether it lets them in is another matter. */
export function makeWorkerKey({ serverKey }: Pick<ClusterKey, 'serverKey'>): ClusterKey {
  return { serverKey, ...curveKeyPair() };
}

/** Lets the worker of that name in no more. */
export function revokeWorkerKey(folder: string, name: string): Result<void, Failed> {
  const listed = readAllowList(folder);
  if (!listed.ok) return listed;
  const kept = listed.value.filter((worker) => worker.name !== name);
  if (kept.length < listed.value.length) return writeAllowList(folder, kept);
  const names = listed.value.map((worker) => worker.name).join(', ') || 'none';
  const message = `there is no key for "${name}"`;
  return err({ code: 'KEY_NAME_UNKNOWN', message, hint: `there are: ${names}` });
}

function notMaster(file: string): Failed {
  return {
    code: 'KEY_NOT_MASTER',
    message: `${file} is the key of a worker, with which no master can listen`,
    hint: 'move it elsewhere and name it with `flac2all worker --key`; then `flac2all keys` makes one for masters',
  };
}
