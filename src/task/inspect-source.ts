import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { PcmFormat } from '../codecs/codec.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { STREAM_INFO_AT } from '../sources/flac-blocks.js';
import { readFlacMetadata } from '../sources/flac-header.js';
import type { ReadFlac } from '../sources/flac-header.js';
import { isOggFlac, OGG_SNIFF_BYTES } from '../sources/ogg-flac.js';
import type { SourceProblem } from '../sources/source.js';
import { lastFrameEnd } from './last-frame.js';
import { measureOggFlac } from './measure-ogg.js';
import { problem, readProblem } from './problem.js';
import type { Problem } from './problem.js';
import { readAt } from './read-at.js';

/** What must be known of a source before it is decoded. */
export interface Inspection {
  readonly flac: ReadFlac;
  readonly pcm: PcmFormat;
  /** Sample frames by STREAMINFO, when its last frame agrees and WAV can state them; else unknown. */
  readonly statedSamples: number | undefined;
  /** Where the last frame says that the audio ends. */
  readonly lastFrameEnd: number | undefined;
  /** FLAC in the pages of Ogg. */
  readonly ogg: boolean;
  /** Where an ID3v1 tag begins that stands behind the audio. */
  readonly id3v1At: number | undefined;
  readonly warnings: readonly string[];
}

const ID3V1_BYTES = 128;
/** RIFF sizes have 32 bits; flac needs some of them for the header. */
const MAX_WAV_BYTES = 0xffff_ff00;

/** Reads tags and shape of a source, and looks at its very end. */
export async function inspectSource(path: string): Promise<Result<Inspection, Problem>> {
  const flac = await readFlacMetadata(path);
  if (!flac.ok) return err(headerProblem(flac.error, path));
  try {
    await using file = await open(path, 'r');
    const end = await inspectEnd(file, flac.value);
    if (end.ok) return ok(inspectionOf(flac.value, end.value));
    const text = `${path}: ${end.error}`;
    return err(problem({ class: 'input', code: 'DECODE_FAILED', text }));
  } catch (error) {
    return err(readProblem(error, path));
  }
}

type End = Pick<Inspection, 'ogg' | 'lastFrameEnd' | 'id3v1At'>;

/** The error is a sentence part that says what is wrong with the file. */
async function inspectEnd(file: FileHandle, flac: ReadFlac): Promise<Result<End, string>> {
  if (isOggFlac(await readAt(file, 0, OGG_SNIFF_BYTES))) {
    const measured = await measureOggFlac(file);
    if (!measured.ok) return measured;
    return ok({ ogg: true, lastFrameEnd: measured.value.samples, id3v1At: undefined });
  }
  const { size } = await file.stat();
  const tail = await readAt(file, Math.max(0, size - ID3V1_BYTES), ID3V1_BYTES);
  const id3v1At = tail.toString('latin1', 0, 3) === 'TAG' ? size - ID3V1_BYTES : undefined;
  const blockSizes = await readAt(file, flac.id3v2Bytes + STREAM_INFO_AT, 2);
  const end = await lastFrameEnd(file, id3v1At ?? size, blockSizes.readUInt16BE(0));
  return ok({ ogg: false, lastFrameEnd: end, id3v1At });
}

function inspectionOf(flac: ReadFlac, end: End): Inspection {
  const { sampleRate, channels, bits, samples } = flac.streamInfo;
  const bytes = samples * channels * Math.ceil(bits / 8);
  const usable = samples > 0 && end.lastFrameEnd === samples && bytes < MAX_WAV_BYTES;
  return {
    ...end,
    flac,
    pcm: { sampleRate, channels, bits },
    statedSamples: usable ? samples : undefined,
    warnings: [
      ...flac.warnings,
      ...(end.id3v1At === undefined ? [] : ['an ID3v1 tag behind the audio is left out']),
    ],
  };
}

function headerProblem(found: SourceProblem, path: string): Problem {
  const text = `${path}: ${found.text}`;
  if (found.code === 'NOT_FLAC') return problem({ class: 'input', code: 'NOT_FLAC', text });
  if (found.code === 'SOURCE_UNREADABLE') {
    return problem({ class: 'environment', code: 'SOURCE_UNREADABLE', text });
  }
  return problem({ class: 'input', code: 'DECODE_FAILED', text });
}
