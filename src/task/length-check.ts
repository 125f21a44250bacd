import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Container, Tolerance } from '../codecs/codec.js';
import type { Result } from '../lib/result.js';
import type { Measured } from './measure.js';
import { problem } from './problem.js';
import type { Problem } from './problem.js';

/** What an encoded file should hold. */
export interface Expected {
  readonly tolerance: Tolerance;
  /** Sample frames and rate of the source. */
  readonly samples: number;
  readonly sampleRate: number;
  /** Of the source, when the very same audio must be in the file. */
  readonly md5: string | undefined;
}

/** Seconds; resamplers and frames of fixed length round. */
const TOLERANCES: Readonly<Partial<Record<Container, number>>> = {
  flac: 0.001,
  'ogg-vorbis': 0.001,
  'ogg-opus': 0.002,
};
const OTHER_TOLERANCE = 0.05;

/** How far a file may be off whose codec does not say it. */
export function usualTolerance(container: Container): Tolerance {
  const seconds = TOLERANCES[container] ?? OTHER_TOLERANCE;
  return { short: seconds, long: seconds };
}

/** Some encoders make nothing of less than a frame. */
const SHORT_SECONDS = 0.1;

const SCARCE_BYTES = 1024 * 1024;

/** Compares what a file holds with what went into it; `undefined`: all is there. */
export function checkLength(
  path: string,
  measured: Result<Measured, string>,
  expected: Expected,
): Problem | undefined {
  const wrong = measured.ok ? difference(measured.value, expected) : measured.error;
  if (wrong === undefined) return undefined;
  const { samples, sampleRate } = expected;
  const short = samples / sampleRate < SHORT_SECONDS;
  const why = short ? ` (the source has only ${samples} samples)` : '';
  const text = `${path}: the output is not whole: ${wrong}${why}`;
  return problem({ class: 'input', code: 'LENGTH_MISMATCH', text });
}

function difference(measured: Measured, expected: Expected): string | undefined {
  const { samples, sampleRate, md5, tolerance } = expected;
  const seconds = measured.samples / measured.sampleRate;
  const wanted = samples / sampleRate;
  if (measured.samples <= 0) return 'it holds no audio';
  if (seconds < wanted - tolerance.short || seconds > wanted + tolerance.long) {
    return `it has ${seconds.toFixed(3)} s of audio, the source ${wanted.toFixed(3)} s`;
  }
  if (md5 !== undefined && measured.md5 !== md5) return "the MD5 of its audio is not the source's";
  return undefined;
}

/**
 * Full disks show in many ways: a complaint, a bad exit code, a short file and silence. Whatever the
 * symptom, when there is no room left, that is the cause.
 */
export async function orNoSpace(found: Problem, path: string): Promise<Problem> {
  const said = /no space left|disk quota exceeded/i.test(found.stderrTail);
  if (!said && !(await isFull(dirname(path)))) return found;
  const text = `${path}: no space left on the file system`;
  return problem({ ...found, class: 'environment', code: 'NO_SPACE', text });
}

async function isFull(folder: string): Promise<boolean> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize < SCARCE_BYTES;
  } catch {
    return false;
  }
}
