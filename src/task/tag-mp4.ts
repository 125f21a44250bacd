import type { FileHandle } from 'node:fs/promises';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { boxesIn, renderBox } from './mp4-box.js';
import { layOutMp4 } from './mp4-layout.js';
import { renderItunesTag } from './mp4-tag.js';
import { readAt, readChunks } from './read-at.js';
import { replaceHead } from './replace-head.js';
import type { TagContent } from './tag-content.js';

/**
 * Replaces the tags of an MP4 file whose `moov` stands in front of its data, in place. What moves is
 * the data, so all chunk offsets move with it.
 */
export async function tagMp4(file: FileHandle, content: TagContent): Promise<Result<void, string>> {
  const layout = await layOutMp4(file);
  if (!layout.ok) return layout;
  const { moov, mdat } = layout.value;
  if (moov.start > mdat.start) return err('its moov box does not stand in front of its data');
  const head = await readAt(file, 0, moov.end);
  const boxes = [...boxesIn(head.subarray(moov.start + 8))].filter((box) => box.type !== 'udta');
  const kept = boxes.map((box) => renderBox(box.type, box.content));
  const tagged = renderBox('moov', ...kept, renderItunesTag(content));
  shiftChunks(tagged, tagged.length - (moov.end - moov.start));
  await replaceHead(file, Buffer.concat([head.subarray(0, moov.start), tagged]), {
    start: moov.end,
    chunks: readChunks(file, moov.end),
  });
  return ok(undefined);
}

const ON_THE_WAY = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl']);

/** Adds to all chunk offsets below a box, in place. */
function shiftChunks(bytes: Buffer, by: number): void {
  for (const box of boxesIn(bytes)) {
    if (ON_THE_WAY.has(box.type)) shiftChunks(box.content, by);
    else if (box.type === 'stco') shiftOffsets(box.content, by);
    else if (box.type === 'co64') shiftLargeOffsets(box.content, by);
  }
}

function shiftOffsets(table: Buffer, by: number): void {
  for (let at = 8; at + 4 <= table.length; at += 4) {
    table.writeUInt32BE(table.readUInt32BE(at) + by, at);
  }
}

function shiftLargeOffsets(table: Buffer, by: number): void {
  for (let at = 8; at + 8 <= table.length; at += 8) {
    table.writeBigUInt64BE(table.readBigUInt64BE(at) + BigInt(by), at);
  }
}
