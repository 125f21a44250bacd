import { createHash } from 'node:crypto';
import { join } from 'node:path';
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

/** The stored rows of a shard, in batches. `whole`: its digest is right, so every row is there. */
export interface ShardContent {
  readonly whole: boolean;
  readonly batches: AsyncIterable<readonly Json[]>;
}

/**
 * Reads a shard; a damaged one gives the rows that their own checksums vouch for. It is read twice,
 * for the digest and for the rows, because together its bytes and rows are too much to hold at once.
 */
export async function readShard(
  disk: Disk,
  files: LedgerFiles,
  ref: ShardRef,
): Promise<ShardContent> {
  const path = join(files.shards, ref.file);
  const whole = (await disk.sha256(path)) === ref.sha256;
  return { whole, batches: readBatches(disk.readLines(path), whole ? trustedText : checkedText) };
}

async function* readBatches(
  batches: AsyncIterable<readonly string[]>,
  textOf: (line: string) => string | undefined,
): AsyncGenerator<readonly Json[]> {
  for await (const lines of batches) {
    const texts = lines.map(textOf).filter((text) => text !== undefined && text !== '');
    yield texts.map((text) => JSON.parse(text ?? '') as Json);
  }
}
