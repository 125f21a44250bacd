import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { sha256Of } from '../lib/checksum.js';
import type { Disk } from '../lib/disk.js';
import type { Json } from '../lib/json.js';
import { checkedLine, checkedText, trustedText } from './checked-line.js';
import type { LedgerFiles } from './files.js';
import type { ShardRef } from './root-file.js';
import type { Row } from './row.js';

/** Most rows of one shard: what one damaged file can cost, and 40 MB to read at a time. */
export const MAX_SHARD_ROWS = 65_536;

const LINES_PER_CHUNK = 256;
const NEWLINE = 0x0a;
const DECODE_BYTES = 1 << 20;

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

/** The stored rows of a shard. `whole`: its digest was right and every row was there. */
export interface ShardContent {
  readonly whole: boolean;
  readonly rows: Iterable<Json>;
}

/** Reads a shard; a damaged one gives the rows that their own checksums vouch for. */
export async function readShard(
  disk: Disk,
  files: LedgerFiles,
  ref: ShardRef,
): Promise<ShardContent> {
  const content = await disk.readFile(join(files.shards, ref.file));
  const whole = sha256Of(content) === ref.sha256;
  return { whole, rows: parseRows(content, whole ? trustedText : checkedText) };
}

function* parseRows(
  content: Buffer,
  textOf: (line: string) => string | undefined,
): Generator<Json> {
  for (const lines of lineBatches(content)) {
    for (const line of lines) {
      const text = textOf(line);
      if (text !== undefined && text !== '') yield JSON.parse(text) as Json;
    }
  }
}

/** Decodes a bounded piece at a time. */
function* lineBatches(content: Buffer): Generator<readonly string[]> {
  for (let start = 0; start < content.length;) {
    const found = content.indexOf(NEWLINE, start + DECODE_BYTES);
    const end = found < 0 ? content.length : found;
    yield content.toString('utf8', start, end).split('\n');
    start = end + 1;
  }
}
