import { sha256Of } from '../lib/checksum.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { errorMessage } from '../lib/failure.js';
import { canonicalJson } from '../lib/json.js';
import type { Json, JsonObject } from '../lib/json.js';
import { unreadable } from './failure.js';
import type { LedgerFailure } from './failure.js';
import type { RunSummary } from './run-log.js';
import type { TablesJson } from './tables.js';
import { LEDGER_VERSION, upgraderFrom } from './upgrade.js';
import type { Upgrader } from './upgrade.js';

const FORMAT = 'flac2all-ledger';

/** `ledger.json`: says which shards and journals make up the ledger. Replacing it is the commit point. */
export interface RootFile extends TablesJson {
  readonly lineage: string;
  /** File name of the manifest that the ledger belongs to. */
  readonly owner?: string;
  readonly serial: number;
  readonly epoch: number;
  /** Oldest first; later rows override earlier ones. */
  readonly shards: readonly ShardRef[];
  /** Epochs of the journals to apply on top, in this order. */
  readonly journals: readonly number[];
  /** The last runs that are folded into the shards, oldest first. */
  readonly runs?: readonly RunSummary[];
}

/** Shards whose names begin with one serial were written together. */
export type ShardRef = {
  readonly file: string;
  readonly sha256: string;
  readonly rows: number;
};

/** A root of any version that can be read, and what its shards and journals have to go through. */
export interface ReadRoot {
  readonly root: RootFile;
  readonly upgrader: Upgrader;
  /** It was written by an older version: everything must be written anew. */
  readonly outdated: boolean;
}

/** The text of the file; `sha256` is over the canonical JSON of all other members. */
export function rootText(root: RootFile): string {
  const body = { format: FORMAT, version: LEDGER_VERSION, ...root };
  const sha256 = digestOf({ ...body });
  return `${JSON.stringify({ ...body, sha256 }, undefined, 1)}\n`;
}

/** Reads the text of `file`; refuses newer versions by name and everything that was altered. */
export function parseRoot(text: string, file: string): Result<ReadRoot, LedgerFailure> {
  let document: Json;
  try {
    document = JSON.parse(text) as Json;
  } catch (error) {
    return err(unreadable(file, `not JSON: ${errorMessage(error)}`, error));
  }
  if (!isObject(document) || document['format'] !== FORMAT) {
    return err(unreadable(file, `not a ledger: "format" is not "${FORMAT}"`));
  }
  const { sha256, version, ...members } = document;
  if (typeof version !== 'number') return err(unreadable(file, 'it states no version'));
  if (version > LEDGER_VERSION) return err(newer(file, version));
  if (sha256 !== digestOf({ ...members, version })) {
    return err(unreadable(file, 'its checksum is wrong; it was damaged or edited'));
  }
  const upgrader = upgraderFrom(version);
  const root = upgrader?.root(members) as RootFile | undefined;
  if (upgrader === undefined || root === undefined || !isRoot(root)) {
    return err(unreadable(file, `it is no ledger of version ${version}`));
  }
  return ok({ root, upgrader, outdated: version < LEDGER_VERSION });
}

function newer(file: string, version: number): LedgerFailure {
  return {
    code: 'LEDGER_NEWER',
    message: `the ledger ${file} has version ${version}; this flac2all reads up to version ${LEDGER_VERSION}`,
    hint: 'use the newer flac2all that wrote it',
  };
}

function digestOf(body: JsonObject): string {
  return sha256Of(canonicalJson(body));
}

/** The checksum was right, so this only has to tell a root from a foreign file. */
function isRoot(root: Partial<RootFile>): root is RootFile {
  return (
    typeof root.lineage === 'string' &&
    typeof root.serial === 'number' &&
    typeof root.epoch === 'number' &&
    Array.isArray(root.shards) &&
    Array.isArray(root.journals) &&
    typeof root.recipes === 'object' &&
    typeof root.encoders === 'object'
  );
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
