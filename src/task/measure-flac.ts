import { err, ok } from '../lib/result.js';
import { parseStreamInfo, STREAM_INFO_AT, STREAM_INFO_BYTES } from '../sources/flac-blocks.js';
import { lastFrameEnd } from './last-frame.js';
import type { Measure } from './measure.js';
import { readAt } from './read-at.js';

/** FLAC: STREAMINFO, and a sound last frame that ends where STREAMINFO and the file end. */
export const measureFlac: Measure = async (file) => {
  const { size } = await file.stat();
  const head = await readAt(file, 0, STREAM_INFO_AT + STREAM_INFO_BYTES);
  if (
    head.length < STREAM_INFO_AT + STREAM_INFO_BYTES ||
    !head.toString('latin1').startsWith('fLaC')
  ) {
    return err('it is no whole FLAC header');
  }
  const info = parseStreamInfo(head.subarray(STREAM_INFO_AT));
  const end = await lastFrameEnd(file, size, head.readUInt16BE(STREAM_INFO_AT));
  if (end === undefined) return err('it does not end with a whole frame');
  if (end !== info.samples) return err(`its header says ${info.samples} samples, its end ${end}`);
  return ok({ samples: info.samples, sampleRate: info.sampleRate, md5: info.md5 });
};
