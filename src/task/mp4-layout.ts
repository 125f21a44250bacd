import type { FileHandle } from 'node:fs/promises';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { readAt } from './read-at.js';

/** Where the boxes at the top of an MP4 file lie. */
export interface Mp4Layout {
  readonly moov: { readonly start: number; readonly end: number };
  readonly mdat: { readonly start: number; readonly end: number };
}

const LARGE_SIZE = 1;

/** Walks the boxes at the top of a file; the error is a sentence part that says what is wrong. */
export async function layOutMp4(file: FileHandle): Promise<Result<Mp4Layout, string>> {
  const { size } = await file.stat();
  const found = new Map<string, { start: number; end: number }>();
  let start = 0;
  while (start < size) {
    const header = await readAt(file, start, 16);
    if (header.length < 8) return err(`it breaks off at byte ${start}`);
    const type = header.toString('latin1', 4, 8);
    const stated = header.readUInt32BE(0);
    const large = stated === LARGE_SIZE && header.length === 16;
    const length = large ? Number(header.readBigUInt64BE(8)) : stated;
    const end = start + length;
    if (length < 8 || end > size)
      return err(`it ends inside its ${type} box (${size} of ${end} bytes)`);
    found.set(type, { start, end });
    start = end;
  }
  const moov = found.get('moov');
  const mdat = found.get('mdat');
  return moov && mdat ? ok({ moov, mdat }) : err('it has no moov or no mdat box');
}
