import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Sha256 } from '../lib/brand.js';
import type { Disk } from '../lib/disk.js';
import type { Json } from '../lib/json.js';
import { checkedLine, checkedText, trustedText } from './checked-line.js';
import type { LedgerFiles } from './files.js';
import type { ShardRef } from './root-file.js';
import type { Row } from './row.js';

/** Most rows of one shard: what one damaged file can cost. */
export const MAX_SHARD_ROWS = 65_536;

const LINES_PER_CHUNK = 256;

/** Writes one new shard and syncs it; the folder is the caller's to sync. */
export async function writeShard(
  disk: Disk,
  path: { readonly folder: string; readonly file: string },
  rows: readonly Row[],
): Promise<ShardRef> {
  const hash = createHash('sha256');
  await disk.writeNew(
    join(path.folder, path.file),
    shardChunks(rows, (text) => hash.update(text)),
  );
  return { file: path.file, sha256: hash.digest('hex'), rows: rows.length };
}

function* shardChunks(rows: readonly Row[], onChunk: (text: string) => void): Generator<string> {
  for (let at = 0; at < rows.length; at += LINES_PER_CHUNK) {
    const chunk = rows
      .slice(at, at + LINES_PER_CHUNK)
      .map((row) => checkedLine(JSON.stringify(row)));
    const text = chunk.join('');
    onChunk(text);
    yield text;
  }
}

/** What a file holds of a shard. */
export interface ShardContent {
  /** Its digest is right, so every row is there. */
  readonly whole: boolean;
  /** Whole lines; see `Disk`. */
  readonly pieces: AsyncIterable<Buffer>;
}

/** Where shards are. */
interface ShardStore {
  readonly disk: Disk;
  readonly files: LedgerFiles;
}

/**
 * Reads a shard; of a damaged one those rows count that their own checksums vouch for. It is read twice,
 * for the digest and for the rows, because nothing may be made of its rows before.
 */
export async function readShard(
  store: ShardStore,
  ref: ShardRef,
  digest: Promise<Sha256> = digestShard(store, ref),
): Promise<ShardContent> {
  const whole = (await digest) === ref.sha256;
  return { whole, pieces: store.disk.readPieces(join(store.files.shards, ref.file)) };
}

/** Begins to work out the digest of a shard; whoever begins early need not wait for it in the end. */
export function digestShard({ disk, files }: ShardStore, ref: ShardRef): Promise<Sha256> {
  const digest = disk.sha256(join(files.shards, ref.file));
  digest.catch(() => undefined);
  return digest;
}

/** The row in a line; `undefined`: there is none, or of a shard that is not whole, it is damaged. */
export function rowIn(line: string, whole: boolean): Json | undefined {
  const text = whole ? trustedText(line) : checkedText(line);
  return text === undefined || text === '' ? undefined : (JSON.parse(text) as Json);
}
