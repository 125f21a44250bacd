import { statSize } from '../lib/stat-key.js';
import { audioShapeOf } from '../sources/known-source.js';
import type { AudioShape } from '../sources/source.js';
import type { Desired } from './action.js';

type Source = Desired['source'];

/** What audio a source holds, by its header or by its identity. */
export function audioShape({ audio, identity }: Source): AudioShape | undefined {
  return audio ?? (identity && audioShapeOf(identity.audioId));
}

/**
 * Length of a source in seconds; 0 where its header does not say. A header that states more than a file
 * of that size can hold is not believed: then it is what such a file usually holds.
 */
export function audioSeconds(source: Source): number {
  const shape = audioShape(source);
  if (shape === undefined || shape.sampleRate === 0) return 0;
  const size = statSize(source.stat);
  const samples =
    shape.samples > mostSamples(shape, size) ? usualSamples(shape, size) : shape.samples;
  return samples / shape.sampleRate;
}

/** Bytes of a frame's header and of the checksum at its end. */
const FRAME_BYTES = 8;

/** The most that a file of a size can hold: silence, in the largest blocks of FLAC's streamable subset. */
function mostSamples({ sampleRate, channels, bits }: AudioShape, size: number): number {
  const block = sampleRate <= 48_000 ? 4608 : 16_384;
  const silence = FRAME_BYTES + channels * (1 + Math.ceil(bits / 8));
  return Math.ceil(size / silence) * block;
}

/** What FLAC makes of music is about half of its PCM. */
function usualSamples({ channels, bits }: AudioShape, size: number): number {
  return Math.round((2 * size) / (channels * Math.ceil(bits / 8)));
}
